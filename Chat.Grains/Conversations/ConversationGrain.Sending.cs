using Chat.Groups;
using Chat.Refusals;

namespace Chat.Conversations;

/// <content>
/// Hop 2 of a message: member? duplicate? then into the log lane, and out to the members once durable.
/// </content>
internal sealed partial class ConversationGrain
{
    /// <summary>Far more than are deleted while one edit waits for its commit.</summary>
    private const int DeletedMax = 64;

    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(500);

    /// <summary>The entries that were deleted last, since this activation began.</summary>
    private Queue<long>? _deleted;

    /// <summary>What holds at the moment of the append: a change of the group may have come between.</summary>
    private async ValueTask<Refusal?> FindRefusalNowAsync(SendCommand command)
    {
        Refusal? refusal;
        long version;
        do
        {
            if (_change is not null) await AwaitChangeAsync(command.SenderId);
            version = _membersVersion;
            refusal = await FindRefusalAsync(command);
        }
        while (version != _membersVersion || _change?.Concerns(command.SenderId) == true);

        return refusal;
    }

    private Refusal? MaySend(ConversationMember sender, ContentKind kind) => _settings is null
        ? _audience!.IsBlocked ? Refusal.Blocked : null
        : GroupRules.OnSend(_settings, sender.Role, kind);

    private async ValueTask<Refusal?> FindRefusalAsync(SendCommand command)
    {
        if (_cursor is null) return NotFound();
        if (_recent.Knows(command)) return null;
        if (!_members.TryGetValue(command.SenderId, out var sender))
            return await WasSentAsMemberAsync(command) ? null : Refusal.NotAMember;
        var readable = new ReadableRange(FirstReadable(sender), _cursor.LastSeq);
        var refusal = MaySend(sender, command.Content.Kind)
            ?? await TargetRule.FindRefusalAsync(log, _id, readable, sender.Role, command);
        if (refusal is null || !await IsInLogAsync(command)) return refusal;

        // The first answer holds, whatever has changed since: the lane finds the duplicate in the store.
        return null;
    }

    /// <summary>Who was never a member costs no look into the store.</summary>
    private async ValueTask<bool> WasSentAsMemberAsync(SendCommand command) =>
        _formerMembers.ContainsKey(command.SenderId) && await IsInLogAsync(command);

    private async Task<bool> IsInLogAsync(SendCommand command)
    {
        var truth = await log.ReconcileAsync(
            _id, [(command.SenderId, command.ClientMessageId)], CancellationToken.None);
        return truth.Found[0] is not null;
    }

    private Task<Answer<Sent>> SendOnce(SendCommand command)
    {
        if (_recent.Find(command) is { } first) return AgainAsync(first);
        var answer = AppendAsync(command);
        if (!answer.IsCompleted) _recent.Begin(command, answer);
        return answer;
    }

    /// <summary>
    /// An edit whose target was deleted between its look at it and its commit is stored as deleted, and pushed so.
    /// </summary>
    private Content AsStored(Content content)
    {
        if (content is { Kind: ContentKind.Delete, TargetSeq: { } deleted })
        {
            _deleted ??= new Queue<long>();
            if (_deleted.Count == DeletedMax) _deleted.Dequeue();
            _deleted.Enqueue(deleted);
        }

        return content is { Kind: ContentKind.Edit, TargetSeq: { } edited } && _deleted?.Contains(edited) is true
            ? Content.DeletedOf(edited)
            : content;
    }

    private static async Task<Answer<Sent>> AgainAsync(Task<Answer<Sent>> first)
    {
        var answer = await first;
        return answer.IsRefused ? answer : answer.Value with { Duplicate = true };
    }

    private async Task<Answer<Sent>> AppendAsync(SendCommand command)
    {
        var cursor = _cursor!;
        var sentAt = WholeMillisecond(time.GetUtcNow());
        var listed = _unlisted;
        var entry = new PendingEntry(
            cursor, command.SenderId, command.ClientMessageId, sentAt, command.Content,
            listed.Count > 0 ? listed : null);
        _unnoted.Enqueue(entry);
        lanes.For(_id).Append(entry);
        var result = await entry.EndInTurnAsync();
        NoteAuthors();
        switch (result.End)
        {
            case AppendEnd.Appended:
                if (command.Content.Kind is ContentKind.Text or ContentKind.Image) _typists?.Sent(command.SenderId);
                if (ReferenceEquals(listed, _unlisted)) _unlisted = [];
                if (listed.Count > 0) fanout.PushChanged(_id, listed, origin: 0);
                var message = new Message(
                    _id, result.Seq, command.ClientMessageId, command.SenderId, result.SentAt,
                    AsStored(command.Content));
                PushMessage(message, command.Origin);
                return Answered(command, new Sent(result.Seq, result.SentAt, Duplicate: false));
            case AppendEnd.Duplicate:
                return Answered(command, new Sent(result.Seq, result.SentAt, Duplicate: true));
            case AppendEnd.Busy:
                _recent.Forget(command);
                return Refusal.Busy(BusyFor);
            case AppendEnd.Rejected:
                _recent.Forget(command);
                return Refusal.Internal;
            default:
                _recent.Forget(command);
                Close();
                return Refusal.Unavailable;
        }
    }

    private Sent Answered(SendCommand command, Sent sent)
    {
        _recent.Answered(command, sent);
        return sent;
    }

    private static DateTimeOffset WholeMillisecond(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
