using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Groups;

/// <summary><c>group</c>: one group, its senders and everybody who listens; see <see cref="Commands.Usage"/>.</summary>
internal sealed class GroupCommand(
    GroupOptions options, Topology topology, Stages stages, CancellationToken stop)
{
    private readonly Report _report = new("group", topology.Name, "Every post reached everybody online once.");
    private readonly ServerProcesses _servers = new(topology.ProcessIds);

    public async Task<Report> RunAsync()
    {
        var pairs = options.Pairs == 0 ? null : new PairsBeside(options, topology, _report, stop);
        await using var load = await GroupLoad.ConnectAsync(options, topology, _servers, stages, stop);
        if (pairs is not null) await TalkAloneAsync(pairs);
        await MeasureAsync(load, pairs, "group");
        if (options.WithReceipts)
        {
            load.Run.EverybodyReads = true;
            await MeasureAsync(load, pairs, "group, all reading");
        }

        var all = _report.Add("all phases");
        await GroupCheck.RunAsync(load, options, _report, all, stop);
        _report.Problems.AddRange(topology.Deaths());
        return _report;
    }

    private async Task TalkAloneAsync(PairsBeside pairs)
    {
        using var stage = stages.Open("Pairs alone");
        _report.Sections.Add(await pairs.TalkAsync("pairs alone"));
    }

    private async Task MeasureAsync(GroupLoad load, PairsBeside? pairs, string name)
    {
        var beside = pairs?.TalkAsync($"pairs beside {name}");
        Add(await load.MeasureAsync(name, goOnUntil: beside ?? Task.CompletedTask));
        if (beside is not null) _report.Sections.Add(await beside);
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
}
