using Chat.Load.Reporting;

namespace Chat.Load.Direct;

/// <summary>
/// The highest rate of a closed loop, found by doubling the window until the rate rises no more, and the latencies when
/// paced at half of it.
/// </summary>
internal static class FindingTheMaximum
{
    private const int WindowMax = 64;

    /// <summary>A rise below this is noise.</summary>
    private const double Rise = 1.05;

    public static async Task<IReadOnlyList<Phase>> RunAsync(DirectLoad load, TimeSpan warmup, TimeSpan duration)
    {
        var phases = new List<Phase>();
        for (var window = 1; window <= WindowMax; window *= 2)
        {
            phases.Add(await load.LoopAsync(window, warmup, duration));
            if (HasLevelledOff(phases)) break;
        }

        var half = (int)Math.Max(1, phases.Max(phase => phase.PerSecond) / 2);
        var paced = await load.PaceAsync(half, warmup, duration);
        phases.Add(paced with { Name = $"half: {paced.Name}" });
        return phases;
    }

    /// <summary>Neither of the last two windows brought more; one alone may have had bad luck.</summary>
    private static bool HasLevelledOff(List<Phase> phases) =>
        phases.Count > 2
        && phases.TakeLast(2).Max(phase => phase.PerSecond)
            < phases.SkipLast(2).Max(phase => phase.PerSecond) * Rise;

    public static void AddTo(Section section, IReadOnlyList<Phase> phases)
    {
        section.Add(
            "maximumPerSecond",
            "highest closed-loop rate, messages/s",
            phases.SkipLast(1).Max(phase => phase.PerSecond));
        section.Add(
            "deliveredP99MsAtHalf",
            "send -> delivered p99 at half of it, ms",
            phases[^1].Latencies.ToDelivered.Percentile(0.99)?.TotalMilliseconds);
    }
}
