using Chat.Conversations;
using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>
/// What members read, on PostgreSQL. Each kind of read has its own lanes: conversations (one, a list, a
/// resume), whether there is one, pages of history, pages of members.
/// </summary>
internal sealed class PostgresConversationReader : IConversationReader, IAsyncDisposable
{
    private const int Lanes = 2;

    /// <summary>Waiting reads of one kind: more than a gateway's worth of users are told to come back.</summary>
    private const int QueueMax = 16_384;

    /// <summary>Users answered by one round of queries: bounds what it holds, 4 MiB a user at the very most.</summary>
    private const int ConversationsBatchMax = 64;

    private const int HistoryBatchMax = 16;
    private const int MembersBatchMax = 16;
    private const int ExistenceBatchMax = 256;

    private readonly ReadLanes<ConversationsRead, ConversationsAnswer> _conversations;
    private readonly ReadLanes<ConversationId, bool> _existence;
    private readonly ReadLanes<HistoryRead, HistoryPage?> _history;
    private readonly ReadLanes<MembersRead, MemberPage?> _members;

    public PostgresConversationReader(NpgsqlDataSource database)
    {
        _conversations = new(Lanes, QueueMax, ConversationsBatchMax, (reads, cancel) =>
            ConversationsRound.RunAsync(database, reads, cancel));
        _existence = new(1, QueueMax, ExistenceBatchMax, (ids, cancel) =>
            ViewQueries.ExistAsync(database, ids, cancel));
        _history = new(Lanes, QueueMax, HistoryBatchMax, (reads, cancel) =>
            HistoryRound.RunAsync(database, reads, cancel));
        _members = new(Lanes, QueueMax, MembersBatchMax, (reads, cancel) =>
            MembersRound.RunAsync(database, reads, cancel));
    }

    public async Task<Conversation?> GetAsync(UserId userId, ConversationId id, CancellationToken cancel)
    {
        var answer = await _conversations.ReadAsync(new GetRead(userId, id), cancel);
        return answer.Conversations.Count == 1 ? answer.Conversations[0] : null;
    }

    public Task<bool> ExistsAsync(ConversationId id, CancellationToken cancel) => _existence.ReadAsync(id, cancel);

    public async Task<ConversationPage> ListAsync(UserId userId, string? cursor, int limit, CancellationToken cancel)
    {
        ListCursor? after = cursor is null ? null : ListCursor.Parse(cursor);
        var answer = await _conversations.ReadAsync(new ListRead(userId, after, limit), cancel);
        return new ConversationPage(answer.Conversations, answer.NextCursor);
    }

    public Task<MemberPage?> GetMembersAsync(
        UserId userId, ConversationId id, string? cursor, int limit, CancellationToken cancel)
    {
        UserId? after = cursor is null ? null : MemberCursor.Parse(cursor);
        return _members.ReadAsync(new MembersRead(userId, id, after, limit), cancel);
    }

    public Task<HistoryPage?> GetHistoryAsync(
        UserId userId, ConversationId id, HistoryQuery query, CancellationToken cancel) =>
        _history.ReadAsync(new HistoryRead(userId, id, HistoryWindow.Of(query)), cancel);

    public async Task<ResumeAnswer> ResumeAsync(
        UserId userId, IReadOnlyList<HeldConversation> held, CancellationToken cancel)
    {
        var answer = await _conversations.ReadAsync(new ResumeRead(userId, held), cancel);
        return new ResumeAnswer(answer.Conversations, answer.Messages, answer.Gone, answer.Truncated);
    }

    public async ValueTask DisposeAsync()
    {
        await _conversations.DisposeAsync();
        await _existence.DisposeAsync();
        await _history.DisposeAsync();
        await _members.DisposeAsync();
    }
}
