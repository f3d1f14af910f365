using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Chat.Receipts;

namespace Chat.Conversations;

/// <content>
/// Who hides his reading: others are told of what such a member got and not of what he read, and he is told no more of
/// them.
/// <para><b>Invariant.</b> A member's route is known before the store is asked, so every later change of his privacy is
/// told to this silo; what was told last holds (<see cref="HidingMembers"/>).</para>
/// </content>
internal sealed partial class ConversationGrain
{
    /// <summary>More than silos die while one question is answered.</summary>
    private const int QuestionsMax = 8;

    private Task? _learning;

    /// <summary>
    /// Before a receipt is pushed: where the members are, whom they block, and who hides his reading. Done at once
    /// while every member's grain is where it was. Where one moves meanwhile, his successor may have told otherwise
    /// than the answer says, and what nobody knows is not pushed.
    /// </summary>
    private async ValueTask LearnWhoSeesReceiptsAsync()
    {
        if (_audience is not { } audience) return;
        for (var questions = 0; ; questions++)
        {
            await audience.EnsureAsync();
            if (audience.Hiding.IsKnown) return;
            if (questions == QuestionsMax)
                throw new TimeoutException($"Who hides his reading was still unknown after {questions} questions.");
            await AskWhoHidesAsync(audience);
        }
    }

    /// <summary>Shared by those who come while it is under way: a silo's death sends all of them here.</summary>
    private Task AskWhoHidesAsync(Audience audience) =>
        _learning is { IsCompleted: false } ? _learning : _learning = AskWhoHidesAnewAsync(audience.Hiding);

    private async Task AskWhoHidesAnewAsync(HidingMembers members)
    {
        var unasked = members.FindUnasked();
        var hiding = await privacy.FindHidingReadingAsync(
            Array.ConvertAll(unasked, one => one.Key), CancellationToken.None);
        members.Answer(unasked, [.. hiding]);
    }

    private bool HidesReading(UserId user) => _audience!.Hiding.Hides(user);

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
        await LearnWhoSeesReceiptsAsync();
        if (!_members.TryGetValue(user, out var member) || member.Progress != progress) return false;
        progress.PushAgain(other => Hears(member, other) && !IsBlind(member, other), other => Hears(member, other));
        return true;
    }

    private bool IsBlind(ConversationMember marker, UserId user) =>
        user != marker.UserId && (HidesReading(marker.UserId) || HidesReading(user));

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
