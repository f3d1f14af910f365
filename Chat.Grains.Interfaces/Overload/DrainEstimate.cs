namespace Chat.Overload;

/// <summary>How long what waits in one queue will take at the pace of the last second.</summary>
internal sealed class DrainEstimate(Func<long> queued, Func<long> done, int queuedMin)
{
    private const int LooksKept = 6;

    private readonly (long At, long Done)[] _looks = new (long, long)[LooksKept];
    private long _count;

    public TimeSpan Look(TimeProvider time)
    {
        var now = time.GetTimestamp();
        var (waiting, total) = (queued(), done());
        var since = _looks[(_count < LooksKept ? 0 : _count) % LooksKept];
        _looks[_count++ % LooksKept] = (now, total);
        if (waiting < queuedMin || _count == 1) return TimeSpan.Zero;
        var took = time.GetElapsedTime(since.At, now);
        var moved = Math.Max(1, total - since.Done);
        return TimeSpan.FromSeconds(Math.Min(60, took.TotalSeconds * waiting / moved));
    }
}
