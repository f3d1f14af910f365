using System.Diagnostics;
using Chat.Load.Accounts;
using Chat.Load.Reporting;

namespace Chat.Load.Storm;

/// <summary>
/// Once everything is answered: each log is read back whole. Every ack stands at its seq, each message at most once,
/// and whatever is stored has reached the other side once and is receipted.
/// </summary>
internal static class StormCheck
{
    private const int AskingAtOnce = 32;

    /// <summary>Waits until no message lacks its answer, or for as long as a client would insist.</summary>
    public static async Task DrainAsync(StormLoad load, Stages stages, CancellationToken stop)
    {
        using var stage = stages.Open("Waiting for the last acks");
        await Insistence.HoldsAsync(() => load.Open == 0, stop);
    }

    public static async Task RunAsync(
        StormLoad load, Report report, Section section, Stages stages, CancellationToken stop)
    {
        await DrainAsync(load, stages, stop);
        var read = await ReadAsync(load, stages, stop);
        using (stages.Open("Waiting for the last deliveries"))
        {
            await Insistence.HoldsAsync(
                () => load.Pairs.Index().All(pair => pair.Item.Ledger.Delivered >= read[pair.Index].Held), stop);
        }

        var behind = await BehindAsync(load, read, stages, stop);

        var ledgers = load.Pairs.Select(pair => pair.Ledger).ToArray();
        var acked = ledgers.Sum(ledger => ledger.Acks().Count(seq => seq > 0));
        var stored = read.Sum(log => log.Held);
        section.Add("sent", "messages sent", ledgers.Sum(ledger => ledger.Count));
        section.Add("acked", "acknowledged", acked);
        section.Add("stored", "stored", stored);
        section.Add("deliveredInAll", "delivered", ledgers.Sum(ledger => ledger.Delivered));

        report.Expect("messages, acknowledged, are not where their ack says", read.Sum(log => log.Lost));
        report.Expect("messages are stored twice", read.Sum(log => log.Doubled));
        report.Expect("stored entries are foreign, altered or out of order", read.Sum(log => log.Wrong));
        report.Expect("messages were neither acknowledged nor refused for good", load.Open);
        report.Expect("messages, stored, did not reach the other side", stored - ledgers.Sum(one => one.Delivered));
        report.Expect("messages were raised twice", ledgers.Sum(ledger => ledger.DeliveredTwice));
        report.Expect("acks or deliveries contradict one another", ledgers.Sum(ledger => ledger.Conflicts));
        report.Expect("messages came to whom they were not sent", load.Pairs.Sum(pair => pair.Marks.ForeignCount));
        report.Expect("conversations lack the reader's receipt", behind);
        foreach (var (name, count) in load.Run.Tally.Read())
        {
            if (name.StartsWith(StormCounts.Failed, StringComparison.Ordinal))
                report.Expect($"sends were refused for good: {name[StormCounts.Failed.Length..]}", count);
        }

        if (acked == 0) report.Problems.Add("Nothing was acknowledged.");
    }

    private static async Task<StoredLog[]> ReadAsync(StormLoad load, Stages stages, CancellationToken stop)
    {
        using var stage = stages.Count("Reading the logs back", load.Pairs.Count);
        var read = new StoredLog[load.Pairs.Count];
        await Parallel.ForAsync(0, read.Length, Bounded(stop), async (n, cancel) =>
        {
            read[n] = await StoredLog.ReadAsync(n, load.Pairs[n], load.Run, cancel);
            stage.Increment();
        });
        return read;
    }

    /// <returns>Conversations in which the sender does not see that all of it is read.</returns>
    private static async Task<int> BehindAsync(StormLoad load, StoredLog[] read, Stages stages, CancellationToken stop)
    {
        using var stage = stages.Count("Comparing receipts", load.Pairs.Count);
        var (behind, begun) = (0, Stopwatch.GetTimestamp());
        await Parallel.ForAsync(0, read.Length, Bounded(stop), async (n, cancel) =>
        {
            // A mark may be under way still.
            var isWhole = await Insistence.HoldsAsync(
                async () => await ReceiptAsync(load.Pairs[n], cancel) == read[n].LastSeq, cancel, begun);
            if (!isWhole) Interlocked.Increment(ref behind);
            stage.Increment();
        });
        return behind;
    }

    private static async Task<long> ReceiptAsync(StormPair pair, CancellationToken stop)
    {
        var conversation = await Insistence.AskAsync(
            () => pair.Alice.OpenDirectAsync(pair.Bob.UserId, stop), stop);
        var bob = conversation.Members?.FirstOrDefault(member => member.UserId == pair.Bob.UserId);
        return Math.Min(bob?.DeliveredSeq ?? 0, bob?.ReadSeq ?? 0);
    }

    private static ParallelOptions Bounded(CancellationToken stop) =>
        new() { MaxDegreeOfParallelism = AskingAtOnce, CancellationToken = stop };
}
