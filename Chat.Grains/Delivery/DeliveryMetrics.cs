using System.Diagnostics.Metrics;

namespace Chat.Delivery;

/// <summary>What the lanes to the gateways do, in figures.</summary>
internal static class DeliveryMetrics
{
    private static readonly Meter Meter = new("Chat.Delivery");

    private static readonly Counter<long> Pushes =
        Meter.CreateCounter<long>("chat.delivery.pushes", "{push}", "Pushes carried to gateways");

    private static readonly Counter<long> Calls =
        Meter.CreateCounter<long>("chat.delivery.calls", "{call}", "Calls that carried them");

    private static readonly Counter<long> LostPushes =
        Meter.CreateCounter<long>("chat.delivery.lost", "{user}", "Users told to resume, since a push was dropped");

    public static void Sent(int pushes)
    {
        Pushes.Add(pushes);
        Calls.Add(1);
    }

    public static void Lost(int users) => LostPushes.Add(users);

    public static void ObserveQueue(Func<int> queued) =>
        Meter.CreateObservableGauge("chat.delivery.queued", queued, "{push}", "Pushes waiting for a gateway");
}
