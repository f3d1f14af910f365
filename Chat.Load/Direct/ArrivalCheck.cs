using Chat.Load.Reporting;

namespace Chat.Load.Direct;

/// <summary>
/// Whether every message was acknowledged, delivered and receipted once, and is stored under a contiguous seq: the
/// newest seq of each conversation, which only this run writes to, is the number of its messages.
/// </summary>
internal static class ArrivalCheck
{
    private const int AskingAtOnce = 32;

    public static async Task RunAsync(
        DirectLoad load, Report report, Section section, Stages stages, CancellationToken stop)
    {
        var stored = await StoredAsync(load, stages, stop);
        var (totals, counters) = (new LedgerTotals(), load.Run.Counters);
        var wrongStored = 0;
        for (var n = 0; n < stored.Length; n++)
        {
            var own = load.Pairs[n].Ledger.Totals();
            totals += own;
            if (own.Sent != stored[n]) wrongStored++;
        }

        section.Add("sent", "messages sent", totals.Sent);
        section.Add("acked", "acknowledged", totals.Acked);
        section.Add("delivered", "delivered", totals.Delivered);
        section.Add("receipted", "receipted", totals.Receipted);
        section.Add("stored", "stored", stored.Sum());
        section.Add("duplicates", "duplicates", totals.Duplicates);
        section.Add("resent", "calls made again", counters.ResentByCode.Sum(code => code.Value));
        foreach (var (code, count) in counters.ResentByCode) section.Add($"resent_{code}", $"  {code}", count);
        section.Add("repairs", "reconnects and resyncs", counters.RepairCount);

        report.Expect("messages unacknowledged", totals.Sent - totals.Acked);
        report.Expect("messages not delivered", totals.Sent - totals.Delivered);
        report.Expect("messages without receipt", totals.Sent - totals.Receipted);
        report.Expect("messages acknowledged or delivered twice", totals.Duplicates);
        report.Expect("messages under a wrong seq", totals.Conflicts);
        report.Expect("messages foreign or altered", counters.ForeignCount);
        report.Expect("messages not sent, since the servers did not keep up", counters.NotSentCount);
        if (wrongStored > 0) report.Problems.Add($"{wrongStored} conversations do not store as many as were sent.");
        if (totals.Sent == 0) report.Problems.Add("Nothing was sent.");
        foreach (var (code, count) in counters.FailedByCode) report.Problems.Add($"{count} calls refused: {code}.");
    }

    private static async Task<long[]> StoredAsync(DirectLoad load, Stages stages, CancellationToken stop)
    {
        using var stage = stages.Count("Counting what is stored", load.Pairs.Count);
        var stored = new long[load.Pairs.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AskingAtOnce, CancellationToken = stop };
        await Parallel.ForAsync(0, stored.Length, options, async (n, cancel) =>
        {
            stored[n] = await load.Pairs[n].ReadNewestSeqAsync(cancel);
            stage.Increment();
        });
        return stored;
    }
}
