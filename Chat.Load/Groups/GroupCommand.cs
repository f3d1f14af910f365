using Chat.Load.Direct;
using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Groups;

/// <summary><c>group</c>: one group, its senders and everybody who listens; see <see cref="Commands.Usage"/>.</summary>
internal sealed class GroupCommand(
    GroupOptions options, Topology topology, Stages stages, CancellationToken stop)
{
    /// <summary>Texts a second of a pair that talks beside the group.</summary>
    private const int PairRate = 4;

    private readonly Report _report = new("group", topology.Name, "Every post reached everybody online once.");
    private readonly ServerProcesses _servers = new(topology.ProcessIds);

    public async Task<Report> RunAsync()
    {
        await using var direct = options.Pairs == 0 ? null : await PairsAsync();
        await using var load = await GroupLoad.ConnectAsync(options, topology, _servers, stages, stop);
        if (direct is not null) Add("pairs alone", await TalkAsync(direct));
        await MeasureAsync(load, direct, "group");
        if (options.WithReceipts)
        {
            load.Run.EverybodyReads = true;
            await MeasureAsync(load, direct, "group, all reading");
        }

        var all = _report.Add("all phases");
        await GroupCheck.RunAsync(load, options, _report, all, stop);
        if (direct is not null) await ArrivalCheck.RunAsync(direct, _report, _report.Add("all pairs"), stages, stop);
        _report.Problems.AddRange(topology.Deaths());
        return _report;
    }

    private Task<DirectLoad> PairsAsync() => DirectLoad.ConnectAsync(
        new DirectOptions
        {
            Pairs = options.Pairs,
            Window = 1,
            Rate = options.Pairs * PairRate,
            FindsMax = false,
            TextBytes = options.TextBytes,
            Warmup = options.Warmup,
            Duration = options.Duration,
        },
        topology.Gateways,
        _servers,
        stages,
        stop);

    private Task<Phase> TalkAsync(DirectLoad direct) =>
        direct.PaceAsync(options.Pairs * PairRate, options.Warmup, options.Duration);

    private async Task MeasureAsync(GroupLoad load, DirectLoad? direct, string name)
    {
        var beside = direct is null ? null : TalkAsync(direct);
        Add(await load.MeasureAsync(name));
        if (beside is not null) Add($"pairs beside {name}", await beside);
    }

    private void Add(GroupPhase phase)
    {
        var section = _report.Add(phase.Name);
        var seconds = phase.Interval.Seconds;
        section.Add("deliveriesPerSecond", "deliveries/s", phase.Deliveries / seconds);
        section.Add("postsPerSecond", "posts/s", phase.Posts / seconds);
        section.AddLatency("ack", "send -> ack", phase.Latencies.ToAck);
        section.AddLatency("each", "send -> each member", phase.Latencies.ToEach);
        section.AddLatency("last", "send -> last member", phase.Latencies.ToLast);
        section.AddCpu(phase.Interval, phase.Posts, "post");
        if (options.WithReceipts)
            section.Add("receiptPushesPerPost", "receipt pushes / post", (double)phase.ReceiptPushes / phase.Posts);
    }

    private void Add(string name, Phase phase)
    {
        var section = _report.Add(name);
        section.Add("messagesPerSecond", "messages/s", phase.PerSecond);
        section.AddLatency("ack", "send -> ack", phase.Latencies.ToAck);
        section.AddLatency("delivered", "send -> delivered", phase.Latencies.ToDelivered);
        section.AddLatency("receipt", "send -> receipt", phase.Latencies.ToReceipt);
    }
}
