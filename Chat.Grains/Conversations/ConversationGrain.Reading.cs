using Chat.Ids;
using Chat.Overload;
using Chat.Receipts;

namespace Chat.Conversations;

/// <content>
/// Who hides his reading: others are told of what such a member got and not of what he read, and he is told no more of
/// them.
/// <para><b>Invariant.</b> A member's route is known before the store is asked, so every later change of his privacy is
/// told to this silo; what was told last holds.</para>
/// </content>
internal sealed partial class ConversationGrain
{
    /// <summary>Members of whom the store is still to be asked.</summary>
    private List<UserId> _unasked = [];

    private async ValueTask LearnWhoHidesReadingAsync()
    {
        if (_unasked.Count == 0) return;
        UserId[] asked = [.. _unasked];
        var hiding = (await privacy.FindHidingReadingAsync(asked, CancellationToken.None)).ToHashSet();
        foreach (var user in asked)
            if (_members.TryGetValue(user, out var member)) member.HidesReading |= hiding.Contains(user);
        _unasked = [.. _unasked.Except(asked)];
    }

    private bool HidesReading(ConversationMember member) =>
        member.HidesReading = _audience!.FindHidesReading(member.UserId) ?? member.HidesReading;

    private bool HidesReading(UserId user) => _members.TryGetValue(user, out var member) && HidesReading(member);

    private void PushReceipt(
        ConversationMember member, Watermarks before, Watermarks raised, UserId[] users, DateTimeOffset at, long origin)
    {
        var receipt = new ReceiptAdvanced(_id, member.UserId, raised.DeliveredSeq, raised.ReadSeq, at);
        UserId[] blind = Array.FindAll(users, user => IsBlind(member, user));
        var seeing = blind.Length == 0 ? users : [.. users.Except(blind)];
        var hold = load.Level >= LoadLevel.SlowsReceipts;
        member.Progress.Pushed.Push(receipt, seeing, origin, hold);
        // A push when he only reads would say that he does.
        if (blind.Length > 0 && raised.DeliveredSeq > before.DeliveredSeq)
            member.Progress.PushedToBlind.Push(receipt with { ReadSeq = null }, blind, origin, hold);
    }

    /// <summary>Once durable, to whoever may see it by now.</summary>
    /// <returns>False: he is no longer the member whose receipt that is.</returns>
    internal async Task<bool> PushAgainAsync(UserId user, MemberProgress progress)
    {
        if (_audience is not null) await _audience.EnsureAsync();
        await LearnWhoHidesReadingAsync();
        if (!_members.TryGetValue(user, out var member) || member.Progress != progress) return false;
        progress.PushAgain(other => Hears(member, other) && !IsBlind(member, other), other => Hears(member, other));
        return true;
    }

    private bool IsBlind(ConversationMember marker, UserId user) =>
        user != marker.UserId && (HidesReading(marker) || HidesReading(user));

    private bool Hears(ConversationMember marker, UserId user) => user == marker.UserId
        || (_members.ContainsKey(user) && (_settings is not null || !_audience!.IsBlocked));

    private async Task<IReadOnlyList<MemberReceipt>> HideReadingAsync(
        UserId readerId, IReadOnlyList<MemberReceipt> receipts)
    {
        UserId[] users = [readerId, .. receipts.Select(receipt => receipt.UserId)];
        var hiding = (await privacy.FindHidingReadingAsync(users, CancellationToken.None)).ToHashSet();
        var (isBlocked, hidesAll) = (_audience!.IsBlocked, hiding.Contains(readerId));
        return [.. receipts.Select(Show)];

        MemberReceipt Show(MemberReceipt receipt) =>
            receipt.UserId == readerId ? receipt
            : isBlocked ? receipt with { DeliveredAt = null, ReadAt = null }
            : hidesAll || hiding.Contains(receipt.UserId) ? receipt with { ReadAt = null }
            : receipt;
    }
}
