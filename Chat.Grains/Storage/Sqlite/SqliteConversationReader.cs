using Chat.Conversations;
using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>What a member may read, from the one file. Each answer is of one moment.</summary>
internal sealed class SqliteConversationReader(SqliteDatabase database) : IConversationReader
{
    public Task<Conversation?> GetAsync(UserId userId, ConversationId id, CancellationToken cancel) =>
        database.ReadAsync(
            session => SqliteViews.Find(session, userId, id) is { } found ? SqliteViews.Show(session, found) : null,
            cancel);

    public Task<bool> ExistsAsync(ConversationId id, CancellationToken cancel) => database.ReadAsync(
        session => session.Get("SELECT 1 FROM conversation WHERE conversation_id = ?").Bind(1, id).Scalar() is not null,
        cancel);

    public async Task<ConversationPage> ListAsync(UserId userId, string? cursor, int limit, CancellationToken cancel)
    {
        ListCursor? after = cursor is null ? null : ListCursor.Parse(cursor);
        return await database.ReadAsync(session => List(session, userId, after, limit), cancel);
    }

    public async Task<MemberPage?> GetMembersAsync(
        UserId userId, ConversationId id, string? cursor, int limit, CancellationToken cancel)
    {
        UserId? after = cursor is null ? null : MemberCursor.Parse(cursor);
        return await database.ReadAsync(session => GetMembers(session, userId, id, after, limit), cancel);
    }

    public Task<HistoryPage?> GetHistoryAsync(
        UserId userId, ConversationId id, HistoryQuery query, CancellationToken cancel) =>
        database.ReadAsync(
            session => SqliteViews.Find(session, userId, id) is { } found ? GetHistory(session, found, query) : null,
            cancel);

    public Task<ResumeAnswer> ResumeAsync(
        UserId userId, IReadOnlyList<HeldConversation> held, CancellationToken cancel) =>
        database.ReadAsync(session => SqliteResume.Run(session, userId, held), cancel);

    private static ConversationPage List(SqliteSession session, UserId userId, ListCursor? after, int limit)
    {
        var rest = SqliteViews.Listed(session, userId)
            .Select(own => (Own: own, Place: ConversationView.PlaceOf(own.Row, own.Reader)))
            .Where(each => after is not { } last || each.Place.IsAfter(last))
            .OrderBy(each => each.Place, NewestFirst.Instance)
            .Take(limit + 1)
            .ToList();
        var hasMore = rest.Count > limit;
        return new ConversationPage(
            [.. rest.Take(limit).Select(each => SqliteViews.Show(session, SqliteViews.ViewOf(session, each.Own)))],
            hasMore ? rest[limit - 1].Place.ToString() : null);
    }

    private static MemberPage? GetMembers(
        SqliteSession session, UserId userId, ConversationId id, UserId? after, int limit)
    {
        if (SqliteViews.Find(session, userId, id) is not { View.Reader.Member.LeftSeq: null } found)
            return null;
        // One more than the page says whether there is a next one; nobody has the id of zeros.
        var rows = SqliteRows.MembersAfter(session, found.Key, after ?? default, limit + 1);
        var isDirect = found.View.Conversation.IsDirect;
        var hidden = SqliteHiddenReading.Read(session, userId, isDirect, rows);
        var members = rows.ConvertAll(
            row => ConversationView.Show(row, hidden.Between(userId, row.UserId, isDirect)));
        var hasMore = members.Count > limit;
        if (hasMore)
            members.RemoveAt(limit);
        return new MemberPage(members, hasMore ? MemberCursor.Write(members[^1].UserId) : null);
    }

    private static HistoryPage GetHistory(SqliteSession session, KeyedView found, HistoryQuery query)
    {
        var (from, to) = found.View.Window;
        var window = HistoryWindow.Of(query);
        var below = window.Below is { } before
            ? SqliteRows.Descending(session, found.Key, from, Math.Min(to, before - 1), window.Take)
            : [];
        var above = window.Above is { } after && after < to
            ? SqliteRows.Ascending(session, found.Key, Math.Max(from, after + 1), to, window.Take)
            : [];
        var slice = window.Cut(to, below, above);
        return new HistoryPage(
            [.. slice.Rows.Select(row => SqliteRows.Message(session, found, row))], slice.Gone, slice.HasMore);
    }
}
