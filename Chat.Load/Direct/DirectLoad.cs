using System.Diagnostics;
using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Reporting;

namespace Chat.Load.Direct;

/// <summary>Connected pairs, and the phases that they are put through one after another.</summary>
internal sealed class DirectLoad : IAsyncDisposable
{
    private const int ConnectingAtOnce = 32;

    /// <summary>A second copy of the last messages would come within this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly List<ChatConnection> _devices = [];
    private readonly Stages _stages;
    private readonly ServerProcesses _servers;
    private readonly CancellationToken _stop;

    private DirectLoad(DirectRun run, ServerProcesses servers, Stages stages, CancellationToken stop) =>
        (Run, _servers, _stages, _stop) = (run, servers, stages, stop);

    public DirectRun Run { get; }

    public IReadOnlyList<Pair> Pairs { get; private set; } = [];

    public static async Task<DirectLoad> ConnectAsync(
        DirectOptions options,
        IReadOnlyList<Uri> gateways,
        ServerProcesses servers,
        Stages stages,
        CancellationToken stop)
    {
        var load = new DirectLoad(new DirectRun(options.TextBytes), servers, stages, stop);
        try
        {
            var accounts = await Provisioning.MakeAsync(gateways, options.Pairs * 2, stages, stop);
            load.MemoryBefore = servers.ReadMemoryKib();
            load._devices.AddRange(accounts.Select(account => Devices.Raw(account, gateways)));
            await Devices.ConnectAsync(load._devices, ConnectingAtOnce, stages, stop);
            load.Pairs = await load.OpenAsync(options.Pairs);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Of the servers, with the accounts made and nobody connected.</summary>
    public ByProgram MemoryBefore { get; private set; } = new();

    /// <summary>Each pair keeps <paramref name="window"/> messages under way.</summary>
    public async Task<Phase> LoopAsync(int window, TimeSpan warmup, TimeSpan duration)
    {
        foreach (var pair in Pairs) pair.Loop(window);
        var phase = await MeasureAsync($"window {window}", warmup, duration);
        foreach (var pair in Pairs) pair.EndLoop();
        await DrainAsync();
        return phase;
    }

    /// <summary>Sends <paramref name="rate"/> messages a second over all pairs, evenly spaced.</summary>
    public async Task<Phase> PaceAsync(int rate, TimeSpan warmup, TimeSpan duration)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        var pacing = SendEvenlyAsync(rate, over.Token);
        var phase = await MeasureAsync($"{rate}/s", warmup, duration);
        await over.CancelAsync();
        await pacing;
        await DrainAsync();
        return phase;
    }

    public async ValueTask DisposeAsync() => await Devices.CloseAsync(_devices);

    private async Task<Pair[]> OpenAsync(int count)
    {
        using var stage = _stages.Count("Opening conversations", count);
        var pairs = new Pair[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = _stop };
        await Parallel.ForAsync(0, count, options, async (n, cancel) =>
        {
            var (alice, bob) = (_devices[2 * n], _devices[(2 * n) + 1]);
            var conversation = await alice.OpenDirectAsync(bob.UserId, cancel);
            pairs[n] = new Pair(n, alice, bob, conversation.ConversationId, Run, _stop);
            stage.Increment();
        });
        return pairs;
    }

    private async Task<Phase> MeasureAsync(string name, TimeSpan warmup, TimeSpan duration)
    {
        await _stages.WaitAsync($"Warming up, {name}", warmup, _stop);
        var meter = Meter.Start(_servers);
        var (before, begun) = (Run.Recorder.Completed, Stopwatch.GetTimestamp());
        var recording = Run.Recorder.Begin();
        await _stages.WaitAsync(
            $"Measuring, {name}",
            duration,
            _stop,
            () => $"{(Run.Recorder.Completed - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds:N0} messages/s");
        Run.Recorder.End();
        var completed = Run.Recorder.Completed - before;
        return new Phase(name, completed, recording, meter.Stop());
    }

    private Task SendEvenlyAsync(int rate, CancellationToken stop) =>
        Pacing.RunAsync(rate, (n, dueAt) => Pairs[(int)(n % Pairs.Count)].SendDue(dueAt), stop);

    private async Task DrainAsync()
    {
        using var stage = _stages.Open("Waiting for the last receipts");
        await Insistence.HoldsAsync(() => Pairs.All(pair => pair.Open == 0), _stop);
        await Task.Delay(Grace, _stop);
    }
}

/// <summary>One measured phase.</summary>
/// <param name="Completed">Messages whose ack and receipt are back.</param>
internal sealed record Phase(string Name, long Completed, Recording Latencies, Interval Interval)
{
    public double PerSecond => Completed / Interval.Seconds;
}
