using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;

namespace Chat.Conversations;

/// <content>
/// Who has left still lists the group and marks for himself what he may read of it, so that nothing stays unread for
/// ever. The others learn nothing of that: his own devices alone are told, and "message info" stands as it stood.
/// </content>
internal sealed partial class ConversationGrain
{
    /// <summary>
    /// Who has ever left, come back or not: as many as the opening reads anyway, and who left since. With what he had
    /// marked by then, until that is known to be written.
    /// </summary>
    private readonly Dictionary<UserId, MemberProgress?> _formerMembers = [];

    private bool HasLeft(UserId user) => _formerMembers.ContainsKey(user) && !_members.ContainsKey(user);

    /// <returns>False: he is no member.</returns>
    private bool RemoveMember(UserId user)
    {
        if (!_members.Remove(user, out var member)) return false;
        var progress = member.Progress;
        _formerMembers[user] = progress.Durable.Covers(progress.Current) ? null : progress;
        return true;
    }

    /// <summary>What those who have left had marked as members is written.</summary>
    private Task FlushFormersAsync()
    {
        UserId[] unwritten = [.. from former in _formerMembers where former.Value is not null select former.Key];
        return Task.WhenAll(unwritten.Where(HasLeft).Select(FlushFormerAsync));
    }

    private async Task FlushFormerAsync(UserId user)
    {
        if (_formerMembers[user] is not { } asMember) return;
        await journal.FlushAsync(_id, user, asMember);
        if (_formerMembers[user] == asMember) _formerMembers[user] = null;
    }

    /// <summary>Written at once: one who has left marks seldom, and nothing of his is kept here.</summary>
    private async Task<Answer<MarkOutcome>> MarkFormerAsync(ReceiptMark mark)
    {
        var user = mark.UserId;
        // He has come back meanwhile, or does so this very moment: as a member he marks again.
        if (!HasLeft(user)) return Refusal.Busy(BusyFor);
        // First: behind a higher mark without a time, the time of his last one would be lost.
        await FlushFormerAsync(user);
        await fanout.EnsureRoutesAsync([user]);
        var marked = await log.MarkFormerAsync(_id, user, mark.Watermarks, CancellationToken.None);
        if (marked is null) return Refusal.Busy(BusyFor);
        var watermarks = marked.Watermarks;
        if (marked.HasRisen)
        {
            var at = ReceiptJournal.WholeSecond(time.GetUtcNow());
            fanout.PushReceipt(
                new ReceiptAdvanced(_id, user, watermarks.DeliveredSeq, watermarks.ReadSeq, at), [user], mark.Origin);
        }

        return new MarkOutcome(watermarks, watermarks);
    }
}
