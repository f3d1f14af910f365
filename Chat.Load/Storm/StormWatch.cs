using System.Collections.Concurrent;
using System.Diagnostics;
using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Storm;

/// <summary>Looks each second at what the clients counted and at what each server shows of itself.</summary>
internal sealed class StormWatch(StormRun run, IReadOnlyList<ServerMember> members, Timeline timeline) : IDisposable
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    /// <summary>What is shown of the counts each second, besides the refusals.</summary>
    private static readonly (string Key, string Label, bool IsInTable)[] Shown =
    [
        (StormCounts.Offered, "offered", true), (StormCounts.NotOffered, "not offered", false),
        (StormCounts.Accepted, "accepted", true), (StormCounts.Delivered, "delivered", true),
        (StormCounts.Resent, "resent", false), (StormCounts.TypingPushed, "typing", true),
        (StormCounts.PresencePushed, "presence", true), (StormCounts.ReceiptsPushed, "receipts", true),
    ];

    private readonly MemberFigures _figures = new();
    private readonly ConcurrentDictionary<(string Phase, string Member), double> _highest = [];
    private readonly ConcurrentDictionary<string, double> _last = [];
    private volatile string _phase = "";

    /// <summary>What is going on from now on.</summary>
    public void Enter(string phase) => _phase = phase;

    /// <summary>Until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Apart);
        var tally = run.Tally;
        var (begun, before, phase) = (Stopwatch.GetTimestamp(), tally.Read(), _phase);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                // The counts first: the servers may take their time.
                var (next, now, since, acks) = (_phase, tally.Read(), tally.Since(before), run.TakeLatest());
                var levels = await Task.WhenAll(members.Select(member => _figures.LevelAsync(member, stop)));
                var second = (int)Stopwatch.GetElapsedTime(begun).TotalSeconds;
                timeline.Add(new Moment(second, phase, [.. Counts(since), .. Acks(acks), .. Servers(phase, levels)]));
                // A second belongs to what was going on when it began.
                (before, phase) = (now, next);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>The highest load level that a server showed in a phase; null: it never showed one.</summary>
    public double? HighestLevel(string phase, ServerMember member) =>
        _highest.TryGetValue((phase, member.Key), out var level) ? level : null;

    /// <summary>The last one that it showed.</summary>
    public double? LastLevel(ServerMember member) =>
        _last.TryGetValue(member.Key, out var level) ? level : null;

    public void Dispose() => _figures.Dispose();

    private static IEnumerable<Figure> Counts(IReadOnlyDictionary<string, long> since) =>
    [
        .. Shown.Select(one => new Figure(one.Key, one.Label, since.GetValueOrDefault(one.Key), one.IsInTable)),
        new Figure("refused", "refused", Refusals(since).Sum(code => code.Value)),
        .. Refusals(since).Select(code =>
            new Figure(code.Key, code.Key[StormCounts.Refused.Length..], code.Value, IsInTable: false)),
    ];

    private static IEnumerable<Figure> Acks(LatencyHistogram acks) =>
    [
        new Figure("acceptedP50", "ack p50, ms", acks.Percentile(0.5)?.TotalMilliseconds, IsInTable: false),
        new Figure("acceptedP99", "ack p99, ms", acks.Percentile(0.99)?.TotalMilliseconds),
    ];

    private static IEnumerable<KeyValuePair<string, long>> Refusals(IReadOnlyDictionary<string, long> since) =>
        since.Where(count => count.Key.StartsWith(StormCounts.Refused, StringComparison.Ordinal));

    private IEnumerable<Figure> Servers(string phase, double?[] levels)
    {
        for (var n = 0; n < members.Count; n++)
        {
            var member = members[n];
            if (levels[n] is { } level)
            {
                _last[member.Key] = level;
                var key = (phase, member.Key);
                _highest[key] = Math.Max(level, _highest.GetValueOrDefault(key));
            }

            yield return new Figure(member.Key + "Level", $"{member.Name} level", levels[n], IsInTable: false);
            yield return new Figure(
                member.Key + "Mib", $"{member.Name} MiB", MemberFigures.Resident(member), IsInTable: false);
        }

        yield return new Figure("highestLevel", "level", levels.Max());
    }
}
