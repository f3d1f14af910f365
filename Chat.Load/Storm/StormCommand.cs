using System.Diagnostics;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Storm;

/// <summary><c>storm</c>: midnight on New Year's Eve; see <see cref="Commands.Usage"/>.</summary>
internal sealed class StormCommand(StormOptions options, Topology topology, Stages stages, CancellationToken stop)
{
    private const string BeforeStorm = "sustainable";
    private const string InStorm = "storm";
    private const string AfterStorm = "after";

    /// <summary>Closed loop: messages of a pair under way at once, where the sustainable rate is looked for.</summary>
    private const int CalibratingWindow = 4;

    private static readonly TimeSpan FallBackWithin = TimeSpan.FromSeconds(30);

    private readonly Report _report = new("storm", topology.Name, "Nothing acknowledged was lost or doubled.");
    private readonly ServerProcesses _servers = new(topology.ProcessIds);
    private readonly List<StormPhase> _phases = [];

    public async Task<Report> RunAsync()
    {
        await using var load = await StormLoad.ConnectAsync(options, topology, stages, stop);
        using var watch = new StormWatch(load.Run, topology.Members, _report.Timeline);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        watch.Enter(BeforeStorm);
        var watching = watch.RunAsync(over.Token);
        var rate = options.Rate ?? await CalibrateAsync(load, watch);
        await OfferAsync(load, watch, BeforeStorm, rate, options.Before);
        await OfferAsync(load, watch, InStorm, rate * options.Times, options.Duration);
        await OfferAsync(load, watch, AfterStorm, rate, options.After);
        watch.Enter("check");
        var all = _report.Add("all phases");
        await StormCheck.RunAsync(load, _report, all, stages, stop);
        await FallBackAsync(watch);
        await over.CancelAsync();
        await watching;
        AddServers(all, watch);
        _report.Problems.AddRange(topology.Deaths());
        return _report;
    }

    /// <returns>Half of what the pairs reach in a closed loop, the first third of the time not counted.</returns>
    private async Task<int> CalibrateAsync(StormLoad load, StormWatch watch)
    {
        watch.Enter("calibrating");
        var tally = load.Run.Tally;
        foreach (var pair in load.Pairs) pair.Loop(CalibratingWindow);
        await stages.WaitAsync("Warming up", options.Calibrate / 3, stop);
        var (begun, before) = (Stopwatch.GetTimestamp(), tally[StormCounts.Accepted]);
        await stages.WaitAsync("Looking for the sustainable rate", options.Calibrate * 2 / 3, stop);
        var perSecond = (tally[StormCounts.Accepted] - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        foreach (var pair in load.Pairs) pair.EndLoop();
        await StormCheck.DrainAsync(load, stages, stop);
        _report.Add("calibrating").Add("messagesPerSecond", "accepted/s", perSecond);
        return (int)Math.Max(1, perSecond / 2);
    }

    private async Task OfferAsync(StormLoad load, StormWatch watch, string name, int rate, TimeSpan duration)
    {
        watch.Enter(name);
        var (recording, tally, before) = (load.Run.Begin(), load.Run.Tally, load.Run.Tally.Read());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var meter = Meter.Start(_servers);
        var offering = load.OfferAsync(rate, over.Token);
        await stages.WaitAsync(
            $"{name}, {rate}/s", duration, stop, () => $"{load.Open} open, {tally[StormCounts.Accepted]} accepted");
        await over.CancelAsync();
        await offering;
        var phase = new StormPhase(name, rate, recording, tally.Since(before), meter.Stop());
        _phases.Add(phase);
    }

    /// <summary>Levels fall a step at a time: waits until each is where it was before the storm.</summary>
    private async Task FallBackAsync(StormWatch watch)
    {
        using var stage = stages.Open("Waiting for the load levels");
        await Insistence.HoldsAsync(() => !topology.Members.Any(IsHigh), stop, FallBackWithin);

        bool IsHigh(ServerMember member) => watch.LastLevel(member) > watch.HighestLevel(BeforeStorm, member);
    }

    private void AddServers(Section all, StormWatch watch)
    {
        foreach (var phase in _phases) Add(phase, watch);
        foreach (var member in topology.Members)
        {
            var (now, highest) = (MemberFigures.Resident(member), MemberFigures.HighestResident(member));
            all.Add($"{member.Key}HighestMib", $"{member.Name}, highest RSS, MiB", highest);
            all.Add($"{member.Key}MibAtEnd", $"{member.Name}, RSS at the end, MiB", now);
            var (last, usual) = (watch.LastLevel(member), watch.HighestLevel(BeforeStorm, member));
            all.Add($"{member.Key}LevelAtEnd", $"{member.Name}, load level at the end", last);
            if (last > usual)
                _report.Problems.Add($"The load level of {member.Name} did not fall back: {last}, before {usual}.");
        }
    }

    private void Add(StormPhase phase, StormWatch watch)
    {
        var section = _report.Add(phase.Name);
        var (counts, seconds) = (phase.Counts, phase.Interval.Seconds);
        section.Add("rate", "messages/s asked for", phase.Rate);
        section.Add("messagesPerSecond", "accepted/s", counts.GetValueOrDefault(StormCounts.Accepted) / seconds);
        section.AddLatency("accepted", "accepted call -> ack", phase.Latencies.FromAccepted);
        section.AddLatency("first", "first due -> ack", phase.Latencies.FromFirst);
        section.AddLatency("delivered", "first due -> delivered", phase.Latencies.ToDelivered);
        foreach (var (name, count) in counts) section.Add(name, name, count);
        foreach (var member in topology.Members)
        {
            section.Add(
                $"{member.Key}HighestLevel",
                $"{member.Name}, highest load level",
                watch.HighestLevel(phase.Name, member));
        }

        section.AddCpu(phase.Interval, counts.GetValueOrDefault(StormCounts.Accepted), "message");
    }
}

/// <summary>One phase: messages of it count where they were first offered, events where they happened.</summary>
internal sealed record StormPhase(
    string Name, int Rate, StormRecording Latencies, IReadOnlyDictionary<string, long> Counts, Interval Interval);
