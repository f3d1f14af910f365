using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Chat.Refusals;

namespace Chat.Conversations;

/// <content>Who is typing: told to those who are online, never stored.</content>
internal sealed partial class ConversationGrain
{
    private Typists? _typists;
    private IGrainTimer? _typingTimer;

    public async Task<Refusal?> SetTyping(UserId userId, bool typing)
    {
        if (_cursor is null) return NotFound();
        if (!_members.ContainsKey(userId)) return Refusal.NotAMember;
        await _audience!.EnsureAsync();
        _typists ??= new Typists(presenceOptions.Value);
        if (_typists.Set(userId, typing, time.GetUtcNow())) PushTyping(userId, typing);
        var lookEvery = presenceOptions.Value.LookEvery;
        if (!_typists.IsEmpty)
            _typingTimer ??= this.RegisterGrainTimer(
                LookAtTypists, new GrainTimerCreationOptions(lookEvery, lookEvery) { Interleave = true });
        return null;
    }

    private Task LookAtTypists(CancellationToken cancellationToken)
    {
        foreach (var (user, isTyping) in _typists!.TakeDue(time.GetUtcNow())) PushTyping(user, isTyping);
        if (!_typists.IsEmpty) return Task.CompletedTask;
        _typingTimer?.Dispose();
        _typingTimer = null;
        return Task.CompletedTask;
    }

    private void PushTyping(UserId user, bool isTyping)
    {
        if (load.Level >= LoadLevel.DropsTyping) OverloadMetrics.TypingDropped();
        else if (_members.ContainsKey(user)) fanout.PushTyping(new TypingChanged(_id, user, isTyping), _audience!);
    }
}
