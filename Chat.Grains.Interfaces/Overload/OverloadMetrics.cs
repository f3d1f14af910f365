using System.Diagnostics.Metrics;

namespace Chat.Overload;

/// <summary>What gives way, in figures.</summary>
public static class OverloadMetrics
{
    private static readonly Meter Meter = new("Chat.Load");

    private static readonly Counter<long> RefusedSends =
        Meter.CreateCounter<long>("chat.load.refused", "{send}", "Sends refused as busy at the door");

    private static readonly Counter<long> DroppedTyping =
        Meter.CreateCounter<long>("chat.load.typing_dropped", "{change}", "Changes of typing that nobody was told");

    public static void Refused() => RefusedSends.Add(1);

    public static void TypingDropped() => DroppedTyping.Add(1);

    internal static void Observe(Func<int> level) =>
        Meter.CreateObservableGauge("chat.load.level", level, description: "What gives way, 0 to 6");
}
