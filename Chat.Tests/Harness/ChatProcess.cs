using System.Globalization;

namespace Chat.Tests.Harness;

/// <summary>One gateway or silo as a real process: killed, frozen, started again under the same settings.</summary>
internal sealed class ChatProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly ChatProgram _program;
    private ChildProcess? _child;

    internal ChatProcess(ChatProgram program, string name, IReadOnlyDictionary<string, string> environment)
    {
        _program = program;
        Name = name;
        Address = new Uri($"http://127.0.0.1:{LoopbackPort.Next()}");
        Environment = new Dictionary<string, string>(environment)
        {
            ["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority),
        };
    }

    internal string Name { get; }

    /// <summary>Where it serves HTTP.</summary>
    internal Uri Address { get; }

    /// <summary>Its settings, read at each launch.</summary>
    internal Dictionary<string, string> Environment { get; }

    internal int Id => Child.Id;

    internal bool IsRunning => _child is { IsRunning: true };

    /// <summary>What it wrote since its last launch.</summary>
    internal RecentLines Output => Child.Output;

    private ChildProcess Child => _child ?? throw new InvalidOperationException($"{Name} was never launched.");

    /// <summary>Launches it and waits until it is ready.</summary>
    internal async Task StartAsync(TimeSpan? within = null)
    {
        await LaunchAsync();
        await ReadyAsync(within);
    }

    /// <summary>Launches it without waiting for anything.</summary>
    internal async Task LaunchAsync()
    {
        if (IsRunning) throw new InvalidOperationException($"{Name} runs already.");
        if (_child is not null) await _child.DisposeAsync();
        var host = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _child = await ChildProcess.StartAsync(new ChildCommand(host, _program.Assembly)
        {
            Environment = Environment,
            WorkingDirectory = Path.GetTempPath(),
        });
    }

    /// <summary>Waits until <c>/health/ready</c> says so; fails at once if the process ends instead.</summary>
    internal async Task ReadyAsync(TimeSpan? within = null)
    {
        var ready = new Uri(Address, "/health/ready");
        try
        {
            await Eventually.YieldsAsync(
                $"{Name} to be ready at {ready}",
                async () => IsRunning ? await AskAsync(ready) : "it ended",
                answer => answer is "200" or "it ended",
                within ?? TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{Report()}", late);
        }

        if (!IsRunning)
        {
            var code = await ExitAsync();
            throw new InvalidOperationException($"{Name} ended with {code} instead of serving.\n{Report()}");
        }
    }

    /// <summary>SIGKILL; does not wait.</summary>
    internal void Kill() => Child.Send(Signal.Kill);

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    internal Task<int> KillAsync() => Child.KillAsync();

    /// <summary>SIGSTOP: the process stands still, its sockets stay open.</summary>
    internal void Freeze() => Child.Send(Signal.Stop);

    /// <summary>SIGCONT.</summary>
    internal void Thaw() => Child.Send(Signal.Continue);

    /// <summary>SIGTERM; does not wait.</summary>
    internal void Terminate() => Child.Send(Signal.Terminate);

    /// <summary>SIGTERM, and waits for the exit code: the orderly stop.</summary>
    internal Task<int> StopAsync(TimeSpan? within = null)
    {
        Child.Send(Signal.Terminate);
        Thaw();
        return Child.ExitAsync($"{Name} to end after SIGTERM", within ?? TimeSpan.FromMinutes(1));
    }

    /// <summary>Waits for a process that ends by itself, and returns its exit code.</summary>
    internal Task<int> ExitAsync(TimeSpan? within = null) => Child.ExitAsync($"{Name} to end", within);

    /// <summary>Its state and last lines, for messages of failure.</summary>
    internal string Report()
    {
        if (_child is null) return $"--- {Name}: never launched";
        var state = IsRunning ? "running" : Child.Exited.IsCompletedSuccessfully ? "ended" : "ending";
        return $"--- {Name} (process {Id}, {state}, {Address}):\n{Output.Tail()}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null) await _child.DisposeAsync();
    }

    private static async Task<string> AskAsync(Uri ready)
    {
        using var answer = await Http.GetAsync(ready);
        return ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
    }
}
