using Chat.Conversations;
using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>Finds conversations as a member sees them. Each method runs within one snapshot.</summary>
internal static class SqliteViews
{
    /// <returns>Null: the user is no member, or there is no such conversation.</returns>
    public static KeyedView? Find(SqliteSession session, UserId userId, ConversationId id)
    {
        var row = session.Get(SqliteRows.SelectConversation + "WHERE c.conversation_id = ?").Bind(1, id);
        if (!row.Step())
            return null;
        var (key, conversation) = SqliteRows.Conversation(row);
        row.Reset();
        return ViewOf(session, userId, key, conversation);
    }

    /// <returns>Null: the user is no member.</returns>
    public static KeyedView? ViewOf(SqliteSession session, UserId userId, long key, ConversationRow conversation)
    {
        var members = SqliteRows.Members(session, key);
        return members.Find(member => member.UserId == userId) is { } reader
            ? new KeyedView(key, new ConversationView(conversation, members, reader))
            : null;
    }

    /// <returns>What the user lists, in no order.</returns>
    public static List<(long Key, ConversationRow Row)> Listed(SqliteSession session, UserId userId)
    {
        var listed = new List<(long, ConversationRow)>();
        if (session.Get("SELECT key FROM user_key WHERE user_id = ?").Bind(1, userId).Scalar() is not { } user)
            return listed;
        var row = session.Get(
            SqliteRows.SelectConversation
            + "WHERE c.key IN (SELECT conversation_key FROM user_conversation WHERE user_key = ?)").Bind(1, user);
        while (row.Step())
            listed.Add(SqliteRows.Conversation(row));
        return listed;
    }

    public static Conversation Show(SqliteSession session, KeyedView found)
    {
        var view = found.View;
        var last = view.LastSeq < view.Reader.JoinedSeq
            ? []
            : SqliteRows.Ascending(session, found.Key, view.LastSeq, view.LastSeq, limit: 1);
        var lastMessage = last is [var entry] ? SqliteRows.Message(session, found, entry) : null;
        return view.Show(lastMessage, Unread(session, found));
    }

    private static long Unread(SqliteSession session, KeyedView found)
    {
        var view = found.View;
        var after = Math.Max(view.Reader.Watermarks.ReadSeq, view.Reader.JoinedSeq - 1);
        if (after >= view.LastSeq)
            return 0;
        return session.Get(
            """
            SELECT count(*) FROM message
            WHERE conversation_key = ? AND seq > ? AND seq <= ? AND kind IN (0, 1)
                AND sender_key <> (SELECT key FROM user_key WHERE user_id = ?)
            """)
            .Bind(1, found.Key).Bind(2, after).Bind(3, view.LastSeq).Bind(4, view.Reader.UserId)
            .Scalar()!.Value;
    }
}
