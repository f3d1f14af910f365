using System.Diagnostics;
using Chat.Load.Measuring;

namespace Chat.Load.Groups;

/// <summary>Latencies of whichever phase is measured at the moment, and counts since the run began.</summary>
internal sealed class GroupRecorder
{
    private GroupRecording? _current;
    private long _deliveries;
    private long _completed;
    private long _receiptPushes;

    /// <summary>First copies that reached a member, measured or not.</summary>
    public long Deliveries => Interlocked.Read(ref _deliveries);

    /// <summary>Posts that are acknowledged and have reached everybody online.</summary>
    public long Completed => Interlocked.Read(ref _completed);

    /// <summary><c>ReceiptAdvanced</c> and <c>ReceiptCounts</c> heard.</summary>
    public long ReceiptPushes => Interlocked.Read(ref _receiptPushes);

    public GroupRecording Begin() => _current = new GroupRecording();

    public void End() => _current = null;

    public void Acked(long startedAt) => Volatile.Read(ref _current)?.ToAck.Add(Stopwatch.GetElapsedTime(startedAt));

    public void Delivered(long startedAt, bool isLast)
    {
        Interlocked.Increment(ref _deliveries);
        if (Volatile.Read(ref _current) is not { } current) return;
        var elapsed = Stopwatch.GetElapsedTime(startedAt);
        current.ToEach.Add(elapsed);
        if (isLast) current.ToLast.Add(elapsed);
    }

    public void Complete() => Interlocked.Increment(ref _completed);

    public void Receipt() => Interlocked.Increment(ref _receiptPushes);
}

/// <summary>What one measured phase gathers: each latency counts in the phase in which it ends.</summary>
internal sealed class GroupRecording
{
    public LatencyHistogram ToAck { get; } = new();

    public LatencyHistogram ToEach { get; } = new();

    public LatencyHistogram ToLast { get; } = new();
}
