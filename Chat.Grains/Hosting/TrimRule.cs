namespace Chat.Hosting;

/// <summary>
/// When a heap is worth trimming although everybody waits for it: the process is calm, has grown enough since the last
/// time, is small enough for a short pause, and has not paused for this more than a little of its time.
/// </summary>
internal sealed class TrimRule(TimeProvider time)
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Of one processor, since the last look. A gateway of 10,000 idle connections needs a twentieth; at a quarter it
    /// carries hundreds of messages a second, and each pause is their p99.
    /// </summary>
    private const double CalmShare = 0.1;

    private const long WorthBytes = 48L << 20;

    /// <summary>A pause takes a millisecond per MiB, and a silo that is silent for seconds counts as dead.</summary>
    private const long HeapMax = 512L << 20;

    private const double PausesPerTime = 0.02;

    private long _kept = long.MaxValue;
    private long _notBefore = time.GetTimestamp();

    /// <param name="processorTime">Since the last look.</param>
    /// <param name="workingSet">In bytes, as the next two.</param>
    /// <param name="heap">After the last collection.</param>
    public bool IsDue(TimeSpan processorTime, long workingSet, long heap)
    {
        _kept = Math.Min(_kept, workingSet);
        return processorTime <= LookEvery * CalmShare
            && workingSet - _kept >= WorthBytes
            && heap <= HeapMax
            && time.GetTimestamp() >= _notBefore;
    }

    public void Trimmed(long workingSet, TimeSpan pause)
    {
        _kept = workingSet;
        _notBefore = time.GetTimestamp() + (long)(pause.TotalSeconds / PausesPerTime * time.TimestampFrequency);
    }
}
