using System.Diagnostics.Metrics;

namespace Chat.Conversations;

/// <summary>What the log lanes do, in figures.</summary>
internal static class LogMetrics
{
    private static readonly Meter Meter = new("Chat.Log");

    private static readonly Counter<long> Entries =
        Meter.CreateCounter<long>("chat.log.entries", "{entry}", "Entries committed");

    private static readonly Counter<long> Commits =
        Meter.CreateCounter<long>("chat.log.commits", "{commit}", "Transactions that committed entries");

    public static void Committed(int entries)
    {
        Entries.Add(entries);
        Commits.Add(1);
    }

    public static void ObserveQueue(Func<int> queuedEntries) =>
        Meter.CreateObservableGauge("chat.log.queued", queuedEntries, "{entry}", "Entries waiting for a commit");
}
