using System.Diagnostics;

namespace Chat.Load.Measuring;

/// <summary>Evenly spaced in time, whatever became of what came before.</summary>
internal static class Pacing
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>Until <paramref name="stop"/>.</summary>
    /// <param name="rate">A second.</param>
    /// <param name="due">
    /// Told which it is, from 0, and the timestamp at which it was due: latencies that count from there can't be hidden
    /// by a late start here.
    /// </param>
    public static async Task RunAsync(int rate, Action<long, long> due, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Tick);
        var (begun, done) = (Stopwatch.GetTimestamp(), 0L);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var count = DueBy(Stopwatch.GetElapsedTime(begun), rate);
                for (; done < count; done++) due(done, begun + (long)((double)done / rate * Stopwatch.Frequency));
            }
        }
        catch (OperationCanceledException)
        {
            // The phase is over.
        }
    }

    /// <summary>How many are due: the first at once, each later one as its turn comes and not a turn later.</summary>
    public static long DueBy(TimeSpan elapsed, int rate) => (elapsed.Ticks * rate / TimeSpan.TicksPerSecond) + 1;
}
