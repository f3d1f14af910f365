namespace Chat.Overload;

/// <summary>
/// How long work waits for a thread of the pool: one empty item that queues behind all others, every so often. While
/// it waits, so long at least.
/// </summary>
public sealed class PoolDelay : IThreadPoolWorkItem
{
    private readonly TimeProvider _time;
    private readonly Action<PoolDelay> _queue;
    private long _queuedAt;
    private long _waited;
    private volatile bool _isQueued;

    public PoolDelay(TimeProvider time)
        : this(time, static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false))
    {
    }

    internal PoolDelay(TimeProvider time, Action<PoolDelay> queue) => (_time, _queue) = (time, queue);

    /// <summary>Of the last item, or of the one that waits where that is more.</summary>
    public TimeSpan Current
    {
        get
        {
            var waits = _isQueued ? _time.GetElapsedTime(Volatile.Read(ref _queuedAt)) : TimeSpan.Zero;
            return TimeSpan.FromTicks(Math.Max(waits.Ticks, Volatile.Read(ref _waited)));
        }
    }

    /// <summary>To be called from outside the pool, by one thread.</summary>
    public void Measure()
    {
        if (_isQueued) return;
        Volatile.Write(ref _queuedAt, _time.GetTimestamp());
        _isQueued = true;
        _queue(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _waited, _time.GetElapsedTime(Volatile.Read(ref _queuedAt)).Ticks);
        _isQueued = false;
    }
}
