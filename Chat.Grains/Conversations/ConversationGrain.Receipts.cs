using Chat.Groups;
using Chat.Ids;
using Chat.Overload;
using Chat.Receipts;
using Chat.Refusals;
using Microsoft.Extensions.Logging;

namespace Chat.Conversations;

/// <content>
/// Watermarks: raised in memory and pushed at once, written by the journal. In a large group the authors get counts, in
/// steps; a mark's work does not grow with the group, and a heap of marks makes room for sends.
/// <para><b>Invariants.</b> A mark passes no entry whose author is not noted: he would never be told of it. What came
/// into the log behind a change of the group is noted once that has taken effect, and what came before it not later:
/// each is counted among those who were to get it.</para>
/// </content>
internal sealed partial class ConversationGrain
{
    private const int MarksOfOneTurnMax = 64;
    private static readonly TimeSpan CountsApart = TimeSpan.FromSeconds(1);

    private readonly RecentAuthors _recentAuthors = new();
    private readonly ReceiptTally _tally = new();

    /// <summary>Entries on their way into the log, in its order.</summary>
    private readonly Queue<PendingEntry> _unnoted = new();

    private IGrainTimer? _counting;
    private DateTimeOffset _countedAt;
    private bool _countsFailed;
    private long _openedAtSeq;

    private bool IsLarge => _members.Count > receiptOptions.Value.OneByOneMembersMax;

    private async Task<Answer<MarkOutcome>[]> RaiseAsync(ReceiptMark[] marks)
    {
        var outcomes = new Answer<MarkOutcome>[marks.Length];
        List<(int Mark, MemberProgress Progress, Task Written)>? flushes = null;
        List<int>? former = null;
        for (var i = 0; i < marks.Length; i++)
        {
            if (i > 0 && i % MarksOfOneTurnMax == 0)
            {
                await Task.Yield();
                // Where it throws, what was raised stays so: given again, those marks change nothing and are answered.
                await LearnWhoSeesReceiptsAsync();
            }

            outcomes[i] = Raise(marks[i], out var flushNow);
            if (HasLeft(marks[i].UserId)) (former ??= []).Add(i);
            if (flushNow is null) continue;
            var written = journal.FlushAsync(_id, marks[i].UserId, flushNow);
            if (written.IsCompletedSuccessfully) outcomes[i] = new MarkOutcome(flushNow.Current, flushNow.Durable);
            else (flushes ??= []).Add((i, flushNow, written));
        }

        foreach (var (i, progress, written) in flushes ?? [])
        {
            await written;
            outcomes[i] = new MarkOutcome(outcomes[i].Value.Current, progress.Durable);
        }

        foreach (var i in former ?? []) outcomes[i] = await MarkFormerAsync(marks[i]);
        return outcomes;
    }

    /// <param name="flushNow">Whose marks are to be durable before the answer; null: nobody waits for that.</param>
    private Answer<MarkOutcome> Raise(ReceiptMark mark, out MemberProgress? flushNow)
    {
        flushNow = null;
        if (_cursor is null) return NotFound();
        // First: whoever has come in by an entry that he has read already is a member.
        if (NoteAuthors() is not { } lastSeq) return Refusal.Busy(BusyFor);
        if (!_members.TryGetValue(mark.UserId, out var member)) return Refusal.NotAMember;
        var progress = member.Progress;
        var before = progress.Current;
        var raised = before.RaisedBy(mark.Watermarks.CutOffAt(lastSeq));
        if (mark.Urgent && !progress.Durable.Covers(raised)) flushNow = progress;
        if (raised != before)
        {
            progress.Current = raised;
            var at = ReceiptJournal.WholeSecond(time.GetUtcNow());
            if (!journal.TryGather(_id, member.UserId, progress, at))
            {
                progress.Current = before;
                flushNow = null;
                return Refusal.Busy(BusyFor);
            }

            if (!IsLarge && load.Level < LoadLevel.SlowsReceipts && member.PromptFlushes.TryTake(out _))
                flushNow = progress;
            PushReceipt(member, before, raised, ConcernedBy(raised, before, member), at, mark.Origin);
        }

        return new MarkOutcome(raised, progress.Durable);
    }

    /// <summary>The authors of what it passes and the member himself; not across a block.</summary>
    private UserId[] ConcernedBy(Watermarks raised, Watermarks before, ConversationMember member)
    {
        if (_settings is null)
            return _audience!.IsBlocked || !PassesOther(raised, before, member) ? [member.UserId] : [.. _members.Keys];
        if (IsLarge)
        {
            var counted = HidesReading(member.UserId) ? raised with { ReadSeq = before.ReadSeq } : raised;
            _tally.Count(member.UserId, member.JoinedSeq, before, counted);
            TellCountsInAMoment();
            return [member.UserId];
        }

        var got = _recentAuthors.Between(before.DeliveredSeq, raised.DeliveredSeq);
        var read = _recentAuthors.Between(before.ReadSeq, raised.ReadSeq);
        return got is null || read is null
            ? [.. _members.Keys]
            : [.. got.Union(read).Where(_members.ContainsKey).Append(member.UserId).Distinct()];
    }

    /// <summary>
    /// Whether it passes anything of the other one's, in a direct conversation; of what was written before this
    /// activation that is not known, and taken for granted.
    /// </summary>
    private bool PassesOther(Watermarks raised, Watermarks before, ConversationMember member)
    {
        foreach (var other in _members.Values)
        {
            if (other == member) continue;
            var last = Math.Max(other.LastWrittenSeq, _openedAtSeq);
            return (raised.DeliveredSeq > before.DeliveredSeq && last > before.DeliveredSeq)
                || (raised.ReadSeq > before.ReadSeq && last > before.ReadSeq);
        }

        return false;
    }

    /// <summary>
    /// Of all that has come into the log. Its lane raises the end before the sends that wait for it get their turn, and
    /// the store shows an entry before that: whoever resumes then may mark what was not pushed yet.
    /// </summary>
    /// <returns>
    /// The end of the log; of all up to it the authors are noted. Null: it has just reached a change that its lane will
    /// have ended in an instant, and what lies behind that can't be noted yet.
    /// </returns>
    private long? NoteAuthors()
    {
        var lastSeq = _cursor!.LastSeq;
        SettleEndedChange();
        NoteAuthorsUpTo(lastSeq);
        return _change is { Entry.Seq: > 0 and var seq } && seq <= lastSeq ? null : lastSeq;
    }

    /// <summary>Not past a change that is not settled.</summary>
    private void NoteAuthorsUpTo(long lastSeq)
    {
        while (_unnoted.TryPeek(out var entry) && entry != _change?.Entry)
        {
            if (entry.Ended.IsCompletedSuccessfully)
            {
                var result = entry.Ended.GetAwaiter().GetResult();
                if (result.End is AppendEnd.Appended) NoteAuthor(entry, result.Seq);
            }
            else if (entry.Seq > 0 && entry.Seq <= lastSeq)
            {
                NoteAuthor(entry, entry.Seq);
            }
            else
            {
                break;
            }

            _unnoted.Dequeue();
        }
    }

    /// <summary>As long as a group has nothing but its first entry, who wrote that is its one owner.</summary>
    private void NoteFounder()
    {
        foreach (var member in _members.Values)
            if (member.Role is GroupRole.Owner) _recentAuthors.Note(1, member.UserId);
    }

    private void NoteAuthor(PendingEntry entry, long seq)
    {
        if (_settings is null)
        {
            if (_members.TryGetValue(entry.SenderId, out var author)) author.LastWrittenSeq = seq;
            return;
        }

        _recentAuthors.Note(seq, entry.SenderId);
        if (IsLarge && entry.Kind is ContentKind.Text or ContentKind.Image)
            _tally.Add(seq, entry.SenderId, _members.Count - 1);
    }

    private void TellCountsInAMoment()
    {
        if (_counting is not null || !_tally.IsWaiting) return;
        _counting = this.RegisterGrainTimer(
            TellCounts, new GrainTimerCreationOptions(CountsApart, CountsApart) { Interleave = true });
    }

    private async Task TellCounts()
    {
        var now = time.GetUtcNow();
        if (load.Level >= LoadLevel.SlowsReceipts && now - _countedAt < load.ReceiptsApart(CountsApart))
            return;
        try
        {
            await LearnWhoSeesReceiptsAsync();
            _countsFailed = false;
        }
        catch (Exception e)
        {
            // The store or a member's grain is away: the counts stay, and are told with a later tick.
            if (!_countsFailed) LogCountsNotTold(_id, e);
            _countsFailed = true;
            return;
        }

        _countedAt = now;
        foreach (var (author, counts) in _tally.TakeDue(_id))
        {
            if (!_members.ContainsKey(author)) continue;
            fanout.PushCounts(author, HidesReading(author) ? counts with { ReadCount = 0 } : counts);
        }

        if (_tally.IsWaiting) return;
        _counting?.Dispose();
        _counting = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The counts of conversation {Conversation} are told later")]
    private partial void LogCountsNotTold(ConversationId conversation, Exception exception);
}
