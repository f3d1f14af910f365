using System.Net;
using System.Runtime.InteropServices;
using Chat.Load.Direct;
using Chat.Load.Groups;
using Chat.Load.Idle;
using Chat.Load.Offline;
using Chat.Load.Presence;
using Chat.Load.Reconnect;
using Chat.Load.Reporting;
using Chat.Load.Storm;
using Chat.Load.Topologies;
using Spectre.Console;

namespace Chat.Load.Commands;

/// <summary>From a command line to an exit code: options, servers, one command, its report.</summary>
internal static class LoadProgram
{
    private const int AllWell = 0;
    private const int Failed = 1;
    private const int BadOptions = 2;
    private const int Interrupted = 130;

    private delegate Task<Report> Command(Topology topology, Stages stages, CancellationToken stop);

    public static async Task<int> RunAsync(IReadOnlyList<string> words)
    {
        var errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        try
        {
            if (words.Count == 0 || words[0] is "help" or "--help" || words.Contains("--help"))
            {
                Console.WriteLine(Usage.Text);
                return AllWell;
            }

            var arguments = new Arguments([.. words.Skip(1)]);
            var topology = TopologyOptions.Read(arguments);
            var command = Read(words[0], arguments, ref topology);
            var isJson = arguments.Has("json");
            var limit = arguments.Seconds("time-limit", 900, 1, 3_600);
            arguments.RefuseUnknown();
            var report = await RunAsync(command, topology, limit, errors);
            if (isJson) Console.WriteLine(ReportJson.Line(report));
            else ReportTable.Write(report, AnsiConsole.Console);
            return report.Problems.Count == 0 ? AllWell : Failed;
        }
        catch (UsageException bad)
        {
            errors.MarkupLine($"[red]{Markup.Escape(bad.Message)}[/] Chat.Load --help tells more.");
            return BadOptions;
        }
        catch (OperationCanceledException)
        {
            errors.MarkupLine("[red]Interrupted, or over the time limit; no figures.[/]");
            return Interrupted;
        }
        catch (Exception fault)
        {
            // The edge of the program: whatever it was, there are no figures, and what was started has been ended.
            errors.WriteException(fault);
            return Failed;
        }
    }

    private static Command Read(string command, Arguments arguments, ref TopologyOptions servers)
    {
        switch (command)
        {
            case "direct":
                var direct = DirectOptions.Read(arguments);
                return (topology, stages, stop) => DirectCommand.RunAsync(direct, topology, stages, stop);
            case "idle":
                var idle = IdleOptions.Read(arguments);
                return (topology, stages, stop) => IdleCommand.RunAsync(idle, topology, stages, stop);
            case "offline":
                var offline = OfflineOptions.Read(arguments);
                return (topology, stages, stop) => new OfflineCommand(offline, topology, stages, stop).RunAsync();
            case "group":
                var group = GroupOptions.Read(arguments);
                servers = servers.With(group.ServerSettings);
                return (topology, stages, stop) => new GroupCommand(group, topology, stages, stop).RunAsync();
            case "presence":
                var presence = PresenceOptions.Read(arguments);
                return (topology, stages, stop) => new PresenceCommand(presence, topology, stages, stop).RunAsync();
            case "reconnect":
                var reconnect = ReconnectOptions.Read(arguments, servers);
                return (topology, stages, stop) => new ReconnectCommand(reconnect, topology, stages, stop).RunAsync();
            case "storm":
                var storm = StormOptions.Read(arguments);
                servers = servers.With(StormOptions.ServerSettings);
                return (topology, stages, stop) => new StormCommand(storm, topology, stages, stop).RunAsync();
            default:
                throw new UsageException($"\"{command}\" is no command.");
        }
    }

    private static async Task<Report> RunAsync(
        Command command, TopologyOptions options, TimeSpan limit, IAnsiConsole console)
    {
        // No proxy of the environment may carry loopback traffic elsewhere.
        HttpClient.DefaultProxy = new WebProxy();
        using var stopping = new CancellationTokenSource(limit);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await Stages.RunAsync(console, async stages =>
        {
            await using var topology = await StartAsync(options, stages, stopping.Token);
            return await command(topology, stages, stopping.Token);
        });

        void Stop(PosixSignalContext context)
        {
            // Not yet: what was started has to end first.
            context.Cancel = true;
            stopping.Cancel();
        }
    }

    private static async Task<Topology> StartAsync(TopologyOptions options, Stages stages, CancellationToken stop)
    {
        using var stage = stages.Open("Starting servers");
        return await Topology.StartAsync(options, stop);
    }
}
