using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;

namespace Chat.Conversations;

/// <summary>Who was to get a message, and who has: for whoever may read that message.</summary>
internal sealed partial class ConversationGrain
{
    public async Task<Answer<ReceiptList>> GetReceipts(UserId callerId, long seq)
    {
        if (_cursor is null) return NotFound();
        var until = DateTimeOffset.MaxValue;
        if (_members.TryGetValue(callerId, out var caller))
        {
            if (seq < FirstReadable(caller) || seq > _cursor.LastSeq) return Refusal.MessageNotFound;
        }
        else if (await reads.GetAsync(callerId, _id, CancellationToken.None) is { LeftSeq: { } leftSeq })
        {
            if (await ReadAsync(callerId, seq) is null) return Refusal.MessageNotFound;
            var left = await ReadAsync(callerId, leftSeq);
            until = left is null ? DateTimeOffset.MinValue : ReceiptJournal.WholeSecond(left.SentAt);
        }
        else
        {
            return Refusal.NotAMember;
        }

        await Task.WhenAll(_members.Values.Select(m => journal.FlushAsync(_id, m.UserId, m.Progress)));
        await FlushFormersAsync();
        if (await log.GetHeadAsync(_id, seq, CancellationToken.None) is null) return Refusal.MessageNotFound;
        var receipts = await log.GetReceiptsAsync(_id, seq, CancellationToken.None);
        if (_audience is not null) await _audience.EnsureAsync();
        return ReceiptReport.Of(AsOf(until, await HideReadingAsync(callerId, receipts)));
    }

    /// <summary>
    /// Who has left learns of nothing that came after; times are whole seconds, so his last one is not told.
    /// </summary>
    private static IReadOnlyList<MemberReceipt> AsOf(DateTimeOffset until, IReadOnlyList<MemberReceipt> receipts)
    {
        return until == DateTimeOffset.MaxValue ? receipts : [.. receipts.Select(receipt => receipt with
        {
            DeliveredAt = Before(receipt.DeliveredAt), ReadAt = Before(receipt.ReadAt),
        })];

        DateTimeOffset? Before(DateTimeOffset? at) => at < until ? at : null;
    }

    /// <summary>An entry as this user may read it, who may have left.</summary>
    private async Task<Message?> ReadAsync(UserId userId, long seq)
    {
        var query = new HistoryQuery(Before: null, After: seq - 1, Around: null, Limit: 1);
        var page = await reads.GetHistoryAsync(userId, _id, query, CancellationToken.None);
        return page?.Messages.FirstOrDefault(message => message.Seq == seq);
    }
}
