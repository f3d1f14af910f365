using Chat.Load.Measuring;

namespace Chat.Load.Storm;

/// <summary>Latencies of the messages offered in one phase, whenever their answers came.</summary>
internal sealed class StormRecording
{
    /// <summary>From when the message was due to its ack: what the user waited.</summary>
    public LatencyHistogram FromFirst { get; } = new();

    /// <summary>From the one call that was answered with an ack.</summary>
    public LatencyHistogram FromAccepted { get; } = new();

    /// <summary>From when it was due until the other side got it.</summary>
    public LatencyHistogram ToDelivered { get; } = new();
}
