using System.Diagnostics;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Presence;

/// <summary>
/// <c>presence</c>: what being seen costs, beside the same comings and goings unseen, and beside a message a minute.
/// </summary>
internal sealed class PresenceCommand(
    PresenceOptions options, Topology topology, Stages stages, CancellationToken stop)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Longer than the grace of a dropped connection: those who watch are told.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(20);

    /// <summary>A little above what <c>Chat.Client</c> debounces, so that each report goes out.</summary>
    private const int ActivityApartSeconds = 16;

    private readonly Report _report =
        new("presence", topology.Name, "Every connection stayed, and nothing was refused.");

    private readonly ServerProcesses _servers = new(topology.ProcessIds);

    public async Task<Report> RunAsync()
    {
        var accounts = await Provisioning.MakeAsync(topology.Gateways, options.Users, stages, stop);
        await using var crowd = new Crowd(options, accounts, topology.Gateways, stop);
        await crowd.ConnectAsync(stages);
        var talk = await Talk.OpenAsync(crowd.Devices, stages, stop);
        await WarmUpAsync(crowd, talk);
        var cost = new PresenceCost();
        // In turn, not one after the other: servers that run for a while get cheaper, and this machine is not alone.
        for (var round = 1; round <= options.Rounds; round++)
        {
            cost.Idle.Add(await MeasureAsync($"idle {round}", crowd, NothingAsync));
            cost.Talking.Add(
                await MeasureAsync($"a message a minute {round}", crowd, (_, over) => talk.RunAsync(crowd.Said, over)));
            await talk.CheckAsync(_report, _report.Sections[^1], stages, stop);
            cost.Unseen.Add(await MeasureAsync($"coming and going {round}", crowd, ComeAndGoAsync));
            await crowd.WatchAsync(stages);
            cost.Seen.Add(await MeasureAsync($"the same, with presence {round}", crowd, BeSeenAsync));
            await crowd.UnwatchAsync(stages);
        }

        cost.AddTo(_report);
        Check(crowd.Tally);
        return _report;
    }

    /// <summary>What the JIT takes is not what is compared.</summary>
    private async Task WarmUpAsync(Crowd crowd, Talk talk)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await crowd.WatchAsync(stages);
        var acting = Task.WhenAll(talk.RunAsync(crowd.Said, over.Token), BeSeenAsync(crowd, over.Token));
        await stages.WaitAsync("Warming up", options.Warmup, stop);
        await over.CancelAsync();
        await acting;
        await crowd.UnwatchAsync(stages);
    }

    private static Task NothingAsync(Crowd crowd, CancellationToken over) => Task.CompletedTask;

    private async Task<Interval> MeasureAsync(string name, Crowd crowd, Func<Crowd, CancellationToken, Task> act)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var acting = act(crowd, over.Token);
        var looking = LookAsync(crowd.Expected, over.Token);
        await stages.WaitAsync($"Settling, {name}", options.Settle, stop);
        var (before, expected) = (crowd.Tally.Read(), crowd.Expected.Pushes);
        var meter = Meter.Start(_servers);
        await stages.WaitAsync($"Measuring, {name}", options.Duration, stop);
        var interval = meter.Stop();
        var counts = crowd.Tally.Since(before);
        expected = crowd.Expected.Pushes - expected;
        var online = crowd.Expected.Online;
        await over.CancelAsync();
        await Task.WhenAll(acting, looking);

        var section = _report.Add(name);
        section.Add("cpuMsPerSecond", "server CPU, ms/s", PresenceCost.PerSecond(interval));
        foreach (var (program, seconds) in interval.Servers?.Parts ?? [])
            section.Add($"{program}CpuMsPerSecond", $"  {program}", seconds * 1000 / interval.Seconds);
        section.Add("generatorCpuMsPerSecond", "load generator CPU, ms/s", interval.OwnCpu * 1000 / interval.Seconds);
        section.Add("machineCpuShare", "all CPU, share of the machine", interval.ShareOf(interval.MachineCpu));
        foreach (var count in (string[])[Crowd.Left, Crowd.Watched, Crowd.ActivityReported])
            section.Add(count, count, counts.GetValueOrDefault(count));
        section.Add("expectedOnline", "users who ought to be online at the end", online);
        section.Add("pushesExpected", "presence pushes expected, about", expected);
        section.Add("pushesReceived", "presence pushes received", counts.GetValueOrDefault(Crowd.PresencePushed));
        return interval;
    }

    private static async Task LookAsync(ExpectedPresence expected, CancellationToken over)
    {
        using var timer = new PeriodicTimer(Second);
        try
        {
            while (await timer.WaitForNextTickAsync(over)) expected.Look();
        }
        catch (OperationCanceledException)
        {
            // The phase is over.
        }
    }

    private async Task BeSeenAsync(Crowd crowd, CancellationToken over)
    {
        var rate = Math.Max(1, (int)(options.Active * options.Users / ActivityApartSeconds));
        await Task.WhenAll(ComeAndGoAsync(crowd, over), Pacing.RunAsync(rate, (n, _) => crowd.Touch(n), over));
    }

    /// <returns>Once everybody is back.</returns>
    private async Task ComeAndGoAsync(Crowd crowd, CancellationToken over)
    {
        var (begun, left, trips) = (Stopwatch.GetTimestamp(), 0L, new List<Task>());
        // A prime above half of the most users: everybody leaves before anybody does so again, neighbours apart.
        const int stride = 7_919;
        using var timer = new PeriodicTimer(Second);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                var due = Stopwatch.GetElapsedTime(begun).TotalMinutes * options.Churn * options.Users;
                trips.RemoveAll(trip => trip.IsCompletedSuccessfully);
                for (; left < (long)due && trips.Count < options.Users / 2; left++)
                    trips.Add(crowd.LeaveAndReturnAsync((int)(left * stride % options.Users), Away));
            }
        }
        catch (OperationCanceledException)
        {
            // The phase is over; whoever is away comes back.
        }

        await Task.WhenAll(trips);
    }

    private void Check(Tally tally)
    {
        if (tally[Crowd.Lost] is var lost and > 0)
            _report.Problems.Add($"{lost} connections were lost, or took more than one attempt.");
        foreach (var (name, count) in tally.Read())
        {
            if (name.StartsWith(Crowd.Failed, StringComparison.Ordinal))
                _report.Problems.Add($"{count} calls refused: {name[Crowd.Failed.Length..]}.");
        }

        if (tally[Crowd.PresencePushed] == 0) _report.Problems.Add("Nobody was told of anybody's presence.");
        _report.Problems.AddRange(topology.Deaths());
    }
}
