using Chat.Overload;

namespace Chat.Delivery;

/// <summary>
/// Keeps batches a little apart: after a rest the first goes at once; while they follow one another each waits until
/// the interval since the last has passed, and so carries more. Not thread-safe: one loop, one pace.
/// <para>Whoever expects company gathers: after a short rest the first waits too, for a part of the interval. Ten who
/// answer one another in lock step are one batch then, and not one who was fastest and nine who follow.</para>
/// </summary>
public sealed class Pace(TimeSpan interval, LoadGauge load, TimeProvider time)
{
    /// <summary>In intervals: rested for longer, nothing is known of what comes.</summary>
    private const int ShortRest = 8;

    /// <summary>What an interval is divided by.</summary>
    private const int GatherShare = 4;

    private long _last = time.GetTimestamp() - time.TimestampFrequency;

    /// <param name="gather">More than one is expected.</param>
    public async ValueTask WaitAsync(bool gather = false)
    {
        var (apart, rested) = (load.BatchesApart(interval), time.GetElapsedTime(_last));
        var left = apart - rested;
        if (gather && left <= TimeSpan.Zero && rested < apart * ShortRest) left = apart / GatherShare;
        if (left > TimeSpan.Zero) await Task.Delay(left, time);
        _last = time.GetTimestamp();
    }
}
