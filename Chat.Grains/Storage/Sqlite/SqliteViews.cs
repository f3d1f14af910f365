using Chat.Conversations;
using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>Finds conversations as a member sees them. Each method runs within one snapshot.</summary>
internal static class SqliteViews
{
    /// <returns>Null: the user is no member, or there is no such conversation.</returns>
    public static KeyedView? Find(SqliteSession session, UserId userId, ConversationId id)
    {
        if (UserKey(session, userId) is not { } user)
            return null;
        var row = session.Get(SqliteRows.SelectOwn + " WHERE c.conversation_id = ?2").Bind(1, user).Bind(2, id);
        if (!row.Step())
            return null;
        var own = SqliteRows.Own(row);
        row.Reset();
        return ViewOf(session, own);
    }

    /// <summary>Reads the members where they are shown: of a large group none, whatever its size.</summary>
    public static KeyedView ViewOf(SqliteSession session, OwnConversation own)
    {
        var members = ConversationView.ShowsMembers(own.Row, own.Reader.Member)
            ? SqliteRows.PresentMembers(session, own.Key)
            : null;
        var hidden = members is null ? HiddenReading.None : SqliteHiddenReading.Read(session, own, members);
        return new KeyedView(own.Key, new ConversationView(own.Row, members, own.Reader, hidden));
    }

    /// <returns>What the user lists, in no order.</returns>
    public static List<OwnConversation> Listed(SqliteSession session, UserId userId)
    {
        var listed = new List<OwnConversation>();
        if (UserKey(session, userId) is not { } user)
            return listed;
        var row = session.Get(
            SqliteRows.SelectOwn
            + " WHERE c.key IN (SELECT conversation_key FROM user_conversation WHERE user_key = ?1)").Bind(1, user);
        while (row.Step())
            listed.Add(SqliteRows.Own(row));
        return listed;
    }

    public static Conversation Show(SqliteSession session, KeyedView found)
    {
        var (from, to) = found.View.Window;
        var last = to < from ? [] : SqliteRows.Ascending(session, found.Key, to, to, limit: 1);
        var lastMessage = last is [var entry] ? SqliteRows.Message(session, found, entry) : null;
        return found.View.Show(lastMessage, Unread(session, found));
    }

    private static long Unread(SqliteSession session, KeyedView found)
    {
        var (member, (from, to)) = (found.View.Reader.Member, found.View.Window);
        var after = Math.Max(member.Watermarks.ReadSeq, from - 1);
        if (after >= to)
            return 0;
        return session.Get(
            """
            SELECT count(*) FROM message
            WHERE conversation_key = ? AND seq > ? AND seq <= ? AND kind IN (0, 1)
                AND sender_key <> (SELECT key FROM user_key WHERE user_id = ?)
            """)
            .Bind(1, found.Key).Bind(2, after).Bind(3, to).Bind(4, member.UserId)
            .Scalar()!.Value;
    }

    private static long? UserKey(SqliteSession session, UserId userId) =>
        session.Get("SELECT key FROM user_key WHERE user_id = ?").Bind(1, userId).Scalar();
}
