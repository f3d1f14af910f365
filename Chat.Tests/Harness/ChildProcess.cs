using System.Collections.Concurrent;
using System.Diagnostics;

namespace Chat.Tests.Harness;

/// <summary>What to start: a program with arguments, its environment, and the user to become.</summary>
internal sealed record ChildCommand(string Program, params string[] Arguments)
{
    internal IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    internal string? WorkingDirectory { get; init; }

    /// <summary>The user to run as; only root can set it.</summary>
    internal string? User { get; init; }

    /// <summary>What the kernel sends the child when the test run dies, however it dies.</summary>
    internal Signal WhenOrphaned { get; init; } = Signal.Kill;
}

/// <summary>A process that the tests started: signalled, awaited and cleaned up by its own id.</summary>
/// <remarks>Invariant: it does not outlive <see cref="DisposeAsync"/>, nor the test run.</remarks>
internal sealed class ChildProcess : IAsyncDisposable
{
    // Settings of whoever runs the tests must not reach what is tested.
    private static readonly string[] ForeignPrefixes =
        ["Chat__", "ConnectionStrings__", "ASPNETCORE_", "Logging__", "OTEL_", "CORECLR_", "DOTNET_URLS",
            "DOTNET_ENVIRONMENT", "DOTNET_CONTENTROOT", "DOTNET_SYSTEM_NET_", "PG"];

    private readonly Process _process;
    private readonly Task _read;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        _read = Task.WhenAll(Output.CollectAsync(process.StandardOutput), Output.CollectAsync(process.StandardError));
        process.Exited += (_, _) => _exited.TrySetResult(process.ExitCode);
        process.EnableRaisingEvents = true;
    }

    internal int Id { get; }

    internal RecentLines Output { get; } = new();

    /// <summary>Completes with the exit code (128 + n after signal n).</summary>
    internal Task<int> Exited => _exited.Task;

    internal bool IsRunning => !Exited.IsCompleted && !_process.HasExited;

    internal static Task<ChildProcess> StartAsync(ChildCommand command) =>
        StartAsync(command, Environment.ProcessId);

    /// <summary>Starts it as a child of <paramref name="parentId"/> only: any other's runs nothing.</summary>
    internal static async Task<ChildProcess> StartAsync(ChildCommand command, int parentId) =>
        new(await Nursery.StartAsync(StartInfo(command, parentId)));

    /// <summary>Runs a command to its end and throws with its output unless it succeeds.</summary>
    internal static async Task RunAsync(ChildCommand command, TimeSpan? within = null)
    {
        await using var child = await StartAsync(command);
        var code = await child.ExitAsync($"the end of {command.Program}", within);
        if (code != 0) throw new InvalidOperationException($"{command} ended with {code}:\n{child.Output.Tail()}");
    }

    internal void Send(Signal signal)
    {
        if (IsRunning) Signals.Send(signal, Id);
    }

    internal async Task<int> ExitAsync(string what, TimeSpan? within = null)
    {
        var code = await Eventually.CompletesAsync(what, Exited, () => "still running\n" + Output.Tail(), within);
        // A grandchild may hold the pipe open; what the child itself wrote is there within moments.
        await Task.WhenAny(_read, Task.Delay(TimeSpan.FromSeconds(1)));
        return code;
    }

    internal async Task<int> KillAsync()
    {
        Send(Signal.Kill);
        return await ExitAsync($"the end of killed process {Id}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(ChildCommand command, int parentId)
    {
        // setpriv and sh replace themselves by the program, so their id is the program's.
        var info = new ProcessStartInfo("setpriv")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = command.WorkingDirectory ?? "/",
        };
        string[] become = command.User is { } user ? ["--reuid", user, "--regid", user, "--init-groups"] : [];
        string[] orphaned = ["--pdeathsig", command.WhenOrphaned == Signal.Quit ? "QUIT" : "KILL"];
        // Who was orphaned before he was bound to his parent would never be told.
        string[] unlessOrphaned = ["sh", "-c", "[ \"$PPID\" = \"$0\" ] && exec \"$@\"", $"{parentId}"];
        string[] run = [.. unlessOrphaned, command.Program, .. command.Arguments];
        foreach (var part in (string[])[.. become, .. orphaned, "--", .. run]) info.ArgumentList.Add(part);

        foreach (var name in info.Environment.Keys.Where(IsForeign).ToArray()) info.Environment.Remove(name);
        foreach (var (name, value) in command.Environment) info.Environment[name] = value;
        return info;
    }

    private static bool IsForeign(string name) =>
        ForeignPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Starts processes on one thread that lives as long as the test run.</summary>
    /// <remarks>The kernel sends a parent-death signal when the *thread* ends that started the child.</remarks>
    private static class Nursery
    {
        private static readonly BlockingCollection<(ProcessStartInfo, TaskCompletionSource<Process>)> Births = [];

        static Nursery() => new Thread(Work) { IsBackground = true, Name = "child processes" }.Start();

        internal static Task<Process> StartAsync(ProcessStartInfo info)
        {
            var born = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
            Births.Add((info, born));
            return born.Task;
        }

        private static void Work()
        {
            foreach (var (info, born) in Births.GetConsumingEnumerable())
            {
                try
                {
                    born.SetResult(Process.Start(info)!);
                }
                catch (Exception fault)
                {
                    // The thread must live on; who asked for the child gets the fault.
                    born.SetException(fault);
                }
            }
        }
    }
}
