using Chat.Delivery;
using Chat.Groups;
using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Chat.Conversations;

/// <summary>
/// The single writer of one conversation.
/// <para><b>Invariants.</b> Nothing is answered as sent before it is durable. No append and no receipt before every
/// member's route is known here. A writer that another one has fenced, or that does not know how its last append ended,
/// appends nothing more and makes room for a fresh activation.</para>
/// <para><b>Reentrant.</b> While one send waits for its commit, others are taken: across that await the end of the log,
/// the recent sends and the watermarks may change. A caller keeps one call in flight per connection, so its own sends
/// keep their order.</para>
/// </summary>
[Reentrant]
internal sealed partial class ConversationGrain(
    IMessageLog log,
    IConversationReader reads,
    DirectIds directIds,
    LogLanes lanes,
    Fanout fanout,
    ReceiptJournal journal,
    IPresenceStore privacy,
    LocalConversations localConversations,
    IOptions<ReceiptOptions> receiptOptions,
    IOptions<PresenceOptions> presenceOptions,
    LoadGauge load,
    IOptions<GrainCollectionOptions> collection,
    TimeProvider time,
    ILogger<ConversationGrain> logger) : Grain, IConversationGrain
{
    private const int AnsweredSendsMax = 64;

    private readonly RecentSends _recent = new(AnsweredSendsMax);
    private readonly Dictionary<UserId, ConversationMember> _members = [];

    private Audience? _audience;
    private IReadOnlyList<UserId> _unlisted = [];
    private LogCursor? _cursor;
    private ActivationTurns? _turns;
    private Task? _opening;
    private ConversationId _id;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetConversationId();
        await OpenAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        localConversations.Leave(_id);
        if (_turns is not null) await _turns.CloseAsync().WaitAsync(cancellationToken);
        _audience?.Close();
    }

    public async Task<Answer<bool>> OpenDirect(UserId callerId, UserId otherId, long origin)
    {
        if (directIds.Of(callerId, otherId) != _id) return Refusal.NotAMember;
        if (_cursor is { IsClosed: false } && !_unlisted.Contains(callerId)) return false;
        var isNew = await log.CreateDirectAsync(_id, callerId, otherId, time.GetUtcNow(), CancellationToken.None);
        if (_cursor is null) await OpenAsync(CancellationToken.None);
        _unlisted = [.. _unlisted.Where(user => user != callerId)];
        if (_audience is not null) await _audience.EnsureAsync();
        if (isNew) fanout.PushChanged(_id, [callerId], origin);
        return isNew;
    }

    public async Task<Answer<Sent>[]> Send(SendCommand[] commands)
    {
        var answers = new Task<Answer<Sent>>[commands.Length];
        if (_audience is not null) await _audience.EnsureAsync();
        if (_audience is not null && _settings is not null) await fanout.RoomAsync(_audience);
        for (var i = 0; i < commands.Length; i++)
        {
            var refusal = await FindRefusalNowAsync(commands[i]);
            answers[i] = refusal is null ? SendOnce(commands[i]) : Task.FromResult<Answer<Sent>>(refusal);
        }

        return await Task.WhenAll(answers);
    }

    public async Task<Answer<MarkOutcome>[]> Mark(ReceiptMark[] marks)
    {
        // Opened anew, nothing is known of where the authors are, nor of what they block and hide.
        await LearnWhoSeesReceiptsAsync();
        return await RaiseAsync(marks);
    }

    /// <summary>
    /// Shared by those who come while it is under way: each opening raises the epoch, so of two at once the one that
    /// ends last may be the one that is fenced.
    /// </summary>
    private Task OpenAsync(CancellationToken cancel) =>
        _opening is { IsCompleted: false } ? _opening : _opening = OpenAnewAsync(cancel);

    private async Task OpenAnewAsync(CancellationToken cancel)
    {
        if (await log.OpenAsync(_id, cancel) is not { } opened) return;
        _members.Clear();
        foreach (var member in opened.Members)
        {
            if (member.LeftSeq is null) _members[member.UserId] = NewMember(member);
            else _formerMembers.TryAdd(member.UserId, null);
        }

        _settings = opened.Settings;
        _membersVersion = opened.MembersVersion;
        _owners = _members.Values.Count(member => member.Role == GroupRole.Owner);
        _audience?.Close();
        _audience = fanout.Gather(_members.Keys, isDirect: _settings is null);
        _unlisted = opened.UnlistedFor;
        _cursor = new LogCursor(_id, opened.Epoch, opened.LastSeq);
        _openedAtSeq = opened.LastSeq;
        if (_settings is not null && opened.LastSeq == 1) NoteFounder();
        var audience = _audience;
        var isGroup = _settings is not null;
        _turns = new ActivationTurns(
            GrainContext.Scheduler, () => DelayDeactivation(collection.Value.CollectionAge));
        localConversations.Enter(
            _id, new OpenConversation(this, _turns, audience, () => !isGroup || fanout.HasRoom(audience)));
        LogOpened(_id, opened.Epoch, opened.LastSeq);
    }

    private ConversationMember NewMember(MemberState state) =>
        new(state, new Users.TokenBucket(1, receiptOptions.Value.PromptFlushes, time), fanout);

    /// <summary>The first entry that a member may read.</summary>
    private long FirstReadable(ConversationMember member) =>
        _settings is { HistoryVisibility: GroupSettings.FromJoin } ? member.JoinedSeq : 1;

    /// <summary>Makes room for a fresh activation, which learns from the store what is true.</summary>
    private void Close()
    {
        LogClosed(_id);
        localConversations.Leave(_id);
        _ = _turns?.CloseAsync();
        DeactivateOnIdle();
    }

    private Refusal NotFound()
    {
        DeactivateOnIdle();
        return Refusal.ConversationNotFound;
    }

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "Conversation {Conversation} opened: epoch {Epoch}, end {LastSeq}")]
    private partial void LogOpened(ConversationId conversation, long epoch, long lastSeq);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Conversation {Conversation} lost its place and is opened anew")]
    private partial void LogClosed(ConversationId conversation);
}
