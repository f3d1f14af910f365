using System.Numerics;

namespace Chat.Load.Measuring;

/// <summary>
/// Counts durations in buckets less than 1 % wide: any number of them in 26 KiB, added from any thread. Percentiles are
/// given as the bucket's upper end, so never better than they were.
/// </summary>
internal sealed class LatencyHistogram
{
    // A bucket is a power of two of microseconds, split in 128.
    private const int SplitBits = 7;
    private const int Splits = 1 << SplitBits;
    private const long MicrosecondsMax = (1L << 32) - 1;

    private readonly long[] _counts = new long[(32 - SplitBits + 1) * Splits];
    private long _max;

    public long Count => _counts.Sum(static count => count);

    public TimeSpan Max => TimeSpan.FromMicroseconds(Volatile.Read(ref _max));

    public void Add(TimeSpan duration)
    {
        var microseconds = Math.Clamp((long)duration.TotalMicroseconds, 0, MicrosecondsMax);
        Interlocked.Increment(ref _counts[IndexOf(microseconds)]);
        for (var max = Volatile.Read(ref _max); microseconds > max;)
            max = Interlocked.CompareExchange(ref _max, microseconds, max);
    }

    /// <summary>The duration that <paramref name="share"/> (0 to 1) of them do not exceed; null without any.</summary>
    public TimeSpan? Percentile(double share)
    {
        var counts = _counts.ToArray();
        var total = counts.Sum();
        if (total == 0) return null;
        var rank = Math.Max(1, (long)Math.Ceiling(share * total));
        var index = 0;
        for (var seen = counts[0]; seen < rank; seen += counts[index]) index++;
        return TimeSpan.FromMicroseconds(Math.Min(UpperEndOf(index), Volatile.Read(ref _max)));
    }

    private static int IndexOf(long microseconds)
    {
        if (microseconds < Splits) return (int)microseconds;
        var shift = BitOperations.Log2((ulong)microseconds) - SplitBits;
        return (shift * Splits) + (int)(microseconds >> shift);
    }

    private static long UpperEndOf(int index)
    {
        if (index < 2 * Splits) return index;
        var shift = (index / Splits) - 1;
        var start = (long)(index - (shift * Splits)) << shift;
        return start + (1L << shift) - 1;
    }
}
