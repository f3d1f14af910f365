using System.Diagnostics;
using Chat.Load.Measuring;

namespace Chat.Load.Direct;

/// <summary>The latencies and completions of whichever phase is measured at the moment; of none in between.</summary>
internal sealed class Recorder
{
    private Recording? _current;
    private long _completed;

    /// <summary>Messages completed since the run began, measured or not.</summary>
    public long Completed => Interlocked.Read(ref _completed);

    public Recording Begin() => _current = new Recording();

    public void End() => _current = null;

    public void Acked(long startedAt) => Volatile.Read(ref _current)?.ToAck.Add(Stopwatch.GetElapsedTime(startedAt));

    public void Delivered(long startedAt) =>
        Volatile.Read(ref _current)?.ToDelivered.Add(Stopwatch.GetElapsedTime(startedAt));

    public void Receipted(long startedAt) =>
        Volatile.Read(ref _current)?.ToReceipt.Add(Stopwatch.GetElapsedTime(startedAt));

    public void Complete() => Interlocked.Increment(ref _completed);
}

/// <summary>What one measured phase gathers: each latency counts in the phase in which it ends.</summary>
internal sealed class Recording
{
    public LatencyHistogram ToAck { get; } = new();

    public LatencyHistogram ToDelivered { get; } = new();

    public LatencyHistogram ToReceipt { get; } = new();
}
