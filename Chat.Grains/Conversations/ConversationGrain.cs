using Chat.Delivery;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
    DirectIds directIds,
    LogLanes lanes,
    Fanout fanout,
    ReceiptJournal journal,
    LocalConversations localConversations,
    IOptions<ReceiptOptions> receiptOptions,
    TimeProvider time,
    ILogger<ConversationGrain> logger) : Grain, IConversationGrain
{
    private const int RecentSendsMax = 512;

    private readonly RecentSends _recent = new(RecentSendsMax);
    private readonly Dictionary<UserId, ConversationMember> _members = [];
    private UserId[] _memberIds = [];
    private IReadOnlyList<UserId> _unlisted = [];
    private LogCursor? _cursor;
    private ConversationId _id;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetConversationId();
        await OpenAsync(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        localConversations.Leave(_id);
        return Task.CompletedTask;
    }

    public async Task<Answer<bool>> OpenDirect(UserId callerId, UserId otherId, long origin)
    {
        if (directIds.Of(callerId, otherId) != _id) return Refusal.NotAMember;
        if (_cursor is { IsClosed: false } && !_unlisted.Contains(callerId)) return false;
        var isNew = await log.CreateDirectAsync(_id, callerId, otherId, time.GetUtcNow(), CancellationToken.None);
        if (_cursor is null) await OpenAsync(CancellationToken.None);
        _unlisted = [.. _unlisted.Where(user => user != callerId)];
        await fanout.EnsureRoutesAsync(_memberIds);
        if (isNew) fanout.PushChanged(_id, [callerId], origin);
        return isNew;
    }

    public async Task<Answer<Sent>[]> Send(SendCommand[] commands)
    {
        var answers = new Task<Answer<Sent>>[commands.Length];
        if (_cursor is not null) await fanout.EnsureRoutesAsync(_memberIds);
        for (var i = 0; i < commands.Length; i++)
        {
            var refusal = await FindRefusalAsync(commands[i]);
            answers[i] = refusal is null ? SendOnce(commands[i]) : Task.FromResult<Answer<Sent>>(refusal);
        }

        return await Task.WhenAll(answers);
    }

    public async Task<Answer<MarkOutcome>[]> Mark(ReceiptMark[] marks)
    {
        var outcomes = new Answer<MarkOutcome>[marks.Length];
        // Opened anew, nothing is known of where the authors are, nor of whom they block.
        if (_cursor is not null) await fanout.EnsureRoutesAsync(_memberIds);
        for (var i = 0; i < marks.Length; i++) outcomes[i] = await MarkAsync(marks[i]);
        return outcomes;
    }

    public async Task<Answer<ReceiptList>> GetReceipts(UserId callerId, long seq)
    {
        if (_cursor is null) return NotFound();
        if (!_members.ContainsKey(callerId)) return Refusal.NotAMember;
        if (seq < 1 || seq > _cursor.LastSeq) return Refusal.MessageNotFound;
        await Task.WhenAll(_members.Values.Select(m => journal.FlushAsync(_id, m.UserId, m.Progress)));
        var head = await log.GetHeadAsync(_id, seq, CancellationToken.None);
        if (head is null) return Refusal.MessageNotFound;
        var times = await log.GetReceiptsAsync(_id, seq, CancellationToken.None);
        return ReceiptReport.Of(
            _memberIds.Where(user => user != head.SenderId && _members[user].JoinedSeq <= seq), times);
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        if (await log.OpenAsync(_id, cancel) is not { } opened) return;
        _members.Clear();
        foreach (var member in opened.Members.Where(member => member.LeftSeq is null))
        {
            var promptFlushes = new Users.SendBucket(1, receiptOptions.Value.PromptFlushes, time);
            _members[member.UserId] = new ConversationMember(member, promptFlushes, new PushedReceipt(fanout));
        }

        _memberIds = [.. _members.Keys];
        _unlisted = opened.UnlistedFor;
        _cursor = new LogCursor(_id, opened.Epoch, opened.LastSeq);
        localConversations.Enter(_id, this.AsReference<IConversationGrain>(), _memberIds);
        LogOpened(_id, opened.Epoch, opened.LastSeq);
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
