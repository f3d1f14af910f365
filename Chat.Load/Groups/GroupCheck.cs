using System.Diagnostics;
using Chat.Load.Accounts;
using Chat.Load.Reporting;

namespace Chat.Load.Groups;

/// <summary>
/// Whether every post was acknowledged, reached everybody online once, and is stored once under the seq that was told,
/// without a hole.
/// </summary>
internal static class GroupCheck
{
    private const int PageMax = 200;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(
        GroupLoad load, GroupOptions options, Report report, Section section, CancellationToken stop)
    {
        var (totals, counters) = (load.Run.Ledger.Totals(), load.Run.Counters);
        section.Add("sent", "posts sent", totals.Sent);
        section.Add("acked", "acknowledged", totals.Acked);
        section.Add("delivered", "deliveries", totals.Delivered);
        section.Add("due", "deliveries due", totals.Due);
        section.Add("duplicates", "duplicates", totals.Duplicates);
        section.Add("resent", "calls made again", counters.ResentByCode.Sum(code => code.Value));
        foreach (var (code, count) in counters.ResentByCode) section.Add($"resent_{code}", $"  {code}", count);
        section.Add("repairs", "reconnects and resyncs", counters.RepairCount);

        report.Expect("posts unacknowledged", totals.Sent - totals.Acked);
        report.Expect("deliveries missing", totals.Due - totals.Delivered);
        report.Expect("posts acknowledged or delivered twice", totals.Duplicates);
        report.Expect("posts under a wrong seq", totals.Conflicts);
        report.Expect("messages foreign or altered", counters.ForeignCount);
        report.Expect("posts not sent, since the servers did not keep up", counters.NotSentCount);
        report.Expect("posts stored wrongly", await StoredWronglyAsync(load, stop));
        if (totals.Sent == 0) report.Problems.Add("Nothing was sent.");
        foreach (var (code, count) in counters.FailedByCode) report.Problems.Add($"{count} calls refused: {code}.");
        if (options.WithReceipts) await CheckReceiptsAsync(load, options, report, stop);
    }

    /// <summary>Reads the whole log; one that is missing, doubled, or elsewhere than told counts.</summary>
    private static async Task<long> StoredWronglyAsync(GroupLoad load, CancellationToken stop)
    {
        var places = load.Run.Ledger.Places();
        var (wrong, next, seen) = (0L, load.FromSeq + 1, new HashSet<int>());
        while (true)
        {
            var after = next - 1;
            var page = await Insistence.AskAsync(
                () => load.Sender.GetHistoryAsync(
                    load.Run.ConversationId, after: after, limit: PageMax, cancellation: stop),
                stop);
            foreach (var message in page.Messages)
            {
                if (message.Seq != next++
                    || !load.Run.Ids.TryRead(message.ClientMessageId, out _, out var post)
                    || post >= places.Length
                    || places[post] != message.Seq
                    || !seen.Add(post))
                    wrong++;
            }

            if (!page.HasMore || page.Messages.Count == 0) return wrong + places.Length - seen.Count;
        }
    }

    /// <summary>"Message info" of the last post must come to name everybody online, and him alone.</summary>
    private static async Task CheckReceiptsAsync(
        GroupLoad load, GroupOptions options, Report report, CancellationToken stop)
    {
        var last = load.Run.Ledger.Places().Max();
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var info = await Insistence.AskAsync(
                () => load.Sender.GetReceiptsAsync(load.Run.ConversationId, last, stop), stop);
            if (info.ReadCount == options.Online - 1 && info.MemberCount == options.Members - 1) return;
            if (Stopwatch.GetElapsedTime(begun) > Insistence.Patience)
            {
                report.Problems.Add(
                    $"{info.ReadCount} of {options.Online - 1} readers in the last post's receipts, "
                    + $"{info.MemberCount} of {options.Members - 1} members.");
                return;
            }

            await Task.Delay(Look, stop);
        }
    }
}
