using System.Diagnostics.Metrics;

namespace Chat.Gateway.Delivery;

/// <summary>What this gateway's connections do, in figures.</summary>
internal static class ConnectionMetrics
{
    private static readonly Meter Meter = new("Chat.Connections");

    private static readonly Counter<long> DroppedQueues =
        Meter.CreateCounter<long>("chat.connections.dropped", "{queue}", "Queues dropped: the reader was too slow");

    private static readonly Counter<long> Resumes =
        Meter.CreateCounter<long>("chat.connections.resync", "{connection}", "Connections told to resume");

    public static void Dropped() => DroppedQueues.Add(1);

    public static void ToldToResume() => Resumes.Add(1);

    public static void Observe(Func<int> connections) =>
        Meter.CreateObservableGauge("chat.connections.open", connections, "{connection}", "Open connections");
}
