using Chat.Overload;

namespace Chat.Delivery;

/// <summary>
/// Keeps batches a little apart: after a rest the first goes at once; while they follow one another each waits until
/// the interval since the last has passed, and so carries more. Not thread-safe: one loop, one pace.
/// </summary>
public sealed class Pace(TimeSpan interval, LoadGauge load, TimeProvider time)
{
    private long _last = time.GetTimestamp() - time.TimestampFrequency;

    public async ValueTask WaitAsync()
    {
        var left = load.BatchesApart(interval) - time.GetElapsedTime(_last);
        if (left > TimeSpan.Zero) await Task.Delay(left, time);
        _last = time.GetTimestamp();
    }
}
