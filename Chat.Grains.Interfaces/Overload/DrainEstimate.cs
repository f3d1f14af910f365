namespace Chat.Overload;

/// <summary>
/// How long what waits in one queue will take at the pace of the last second; where it has waited for less than that,
/// at the pace since then: what was not there to be done says nothing of how fast it is done.
/// </summary>
internal sealed class DrainEstimate(Func<long> queued, Func<long> done, int queuedMin)
{
    private const int LooksKept = 6;

    private readonly Queue<(long At, long Done)> _looks = new(LooksKept);

    public TimeSpan Look(TimeProvider time)
    {
        var now = time.GetTimestamp();
        var (waiting, total) = (queued(), done());
        var isLoad = waiting >= queuedMin;
        var drain = isLoad && _looks.TryPeek(out var since)
            ? time.GetElapsedTime(since.At, now).TotalSeconds * waiting / Math.Max(1, total - since.Done)
            : 0;

        if (!isLoad) _looks.Clear();
        else if (_looks.Count == LooksKept) _looks.Dequeue();
        _looks.Enqueue((now, total));
        return TimeSpan.FromSeconds(Math.Min(60, drain));
    }
}
