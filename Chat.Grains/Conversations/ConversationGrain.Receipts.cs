using Chat.Receipts;
using Chat.Refusals;

namespace Chat.Conversations;

/// <content>Watermarks: raised in memory and pushed at once, written by the journal.</content>
internal sealed partial class ConversationGrain
{
    private async ValueTask<Answer<MarkOutcome>> MarkAsync(ReceiptMark mark)
    {
        if (_cursor is null) return NotFound();
        if (!_members.TryGetValue(mark.UserId, out var member)) return Refusal.NotAMember;
        var progress = member.Progress;
        var before = progress.Current;
        var raised = before.RaisedBy(mark.Watermarks.CutOffAt(_cursor.LastSeq));
        var flushNow = mark.Urgent && !progress.Durable.Covers(raised);
        if (raised != before)
        {
            progress.Current = raised;
            var at = ReceiptJournal.WholeSecond(time.GetUtcNow());
            if (!journal.TryGather(_id, member.UserId, progress, at))
            {
                progress.Current = before;
                return Refusal.Busy(BusyFor);
            }

            flushNow |= member.PromptFlushes.TryTake(out _);
            progress.Pushed.Push(
                new ReceiptAdvanced(_id, member.UserId, raised.DeliveredSeq, raised.ReadSeq, at),
                _memberIds, mark.Origin);
        }

        if (flushNow) await journal.FlushAsync(_id, member.UserId, progress);
        return new MarkOutcome(raised, progress.Durable);
    }
}
