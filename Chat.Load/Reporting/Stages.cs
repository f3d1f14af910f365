using Spectre.Console;

namespace Chat.Load.Reporting;

/// <summary>The progress display, on standard error: one line per stage of a command.</summary>
internal sealed class Stages
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly ProgressContext _context;

    private Stages(ProgressContext context) => _context = context;

    /// <summary>Runs a command beside its display.</summary>
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<Stages, Task<T>> command)
    {
        var progress = console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn());
        // Drawing costs CPU that the servers need.
        progress.RefreshRate = Tick;
        return progress.StartAsync(context => command(new Stages(context)));
    }

    /// <summary>A stage of that many steps.</summary>
    public Stage Count(string what, int steps) =>
        new(_context.AddTask(Markup.Escape(what), maxValue: Math.Max(1, steps)));

    /// <summary>A stage whose length is unknown.</summary>
    public Stage Open(string what)
    {
        var task = _context.AddTask(Markup.Escape(what), maxValue: 1);
        task.IsIndeterminate = true;
        return new Stage(task);
    }

    /// <summary>Waits that long; <paramref name="saw"/> tells what goes on meanwhile.</summary>
    public async Task WaitAsync(string what, TimeSpan duration, CancellationToken stop, Func<string>? saw = null)
    {
        if (duration <= TimeSpan.Zero) return;
        var task = _context.AddTask(Markup.Escape(what), maxValue: duration.TotalMilliseconds);
        var begun = TimeProvider.System.GetTimestamp();
        for (var left = duration; left > TimeSpan.Zero; left = duration - TimeProvider.System.GetElapsedTime(begun))
        {
            await Task.Delay(left < Tick ? left : Tick, stop);
            task.Value = TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
            if (saw is not null) task.Description = Markup.Escape($"{what}: {saw()}");
        }

        task.Value = task.MaxValue;
    }
}

/// <summary>One line of the display; it is full when it is disposed of.</summary>
internal sealed class Stage(ProgressTask task) : IDisposable
{
    public void Increment() => task.Increment(1);

    public void Dispose()
    {
        task.IsIndeterminate = false;
        task.Value = task.MaxValue;
    }
}
