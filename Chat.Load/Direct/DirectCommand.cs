using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Direct;

/// <summary><c>direct</c>: users in pairs; see <see cref="Commands.Usage"/>.</summary>
internal static class DirectCommand
{
    public static async Task<Report> RunAsync(
        DirectOptions options, Topology topology, Stages stages, CancellationToken stop)
    {
        var report = new Report("direct", topology.Name, "Every message arrived once.");
        var servers = new ServerProcesses(topology.ProcessIds);
        await using var load = await DirectLoad.ConnectAsync(options, topology.Gateways, servers, stages, stop);
        var phases = await PhasesAsync(load, options);
        foreach (var phase in phases) Add(report, phase);
        var all = report.Add("all phases");
        if (options.FindsMax) FindingTheMaximum.AddTo(all, phases);
        all.AddMemory(servers, load.MemoryBefore, options.Pairs * 2);
        await ArrivalCheck.RunAsync(load, report, all, stages, stop);
        report.Problems.AddRange(topology.Deaths());
        return report;
    }

    private static async Task<IReadOnlyList<Phase>> PhasesAsync(DirectLoad load, DirectOptions options) =>
        options switch
        {
            { FindsMax: true } => await FindingTheMaximum.RunAsync(load, options.Warmup, options.Duration),
            { Rate: { } rate } => [await load.PaceAsync(rate, options.Warmup, options.Duration)],
            _ => [await load.LoopAsync(options.Window, options.Warmup, options.Duration)],
        };

    private static void Add(Report report, Phase phase)
    {
        var section = report.Add(phase.Name);
        section.Add("messagesPerSecond", "messages/s", phase.PerSecond);
        section.AddLatency("ack", "send -> ack", phase.Latencies.ToAck);
        section.AddLatency("delivered", "send -> delivered", phase.Latencies.ToDelivered);
        section.AddLatency("receipt", "send -> receipt", phase.Latencies.ToReceipt);
        section.AddCpu(phase.Interval, phase.Completed, "message");
    }
}
