using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;

namespace Chat.Storage.Sqlite;

/// <summary>A conversation with its key within the file and one member's own row.</summary>
internal readonly record struct OwnConversation(long Key, ConversationRow Row, ReaderRow Reader);

/// <summary>A conversation and its key within the file.</summary>
internal readonly record struct KeyedView(long Key, ConversationView View);

/// <summary>Reads stored rows, for readers and for the writer.</summary>
internal static class SqliteRows
{
    private const string ConversationColumns =
        """
        c.key, c.conversation_id, c.kind, c.title, c.history_visibility, c.only_admins_send, c.retention,
            c.settings_version, c.created_at, l.seq, l.sent_at, c.description, c.picture_media_id, c.member_count
        """;

    private const string MemberColumns =
        "u.user_id, m.role, m.joined_seq, m.left_seq, m.delivered_seq, m.read_seq, m.readable_from";

    private const string EndOfLog =
        """
        LEFT JOIN message l ON l.conversation_key = c.key AND l.seq = (
            SELECT e.seq FROM message e WHERE e.conversation_key = c.key ORDER BY e.seq DESC LIMIT 1)

        """;

    /// <summary>Conversations with the end of their log; a caller adds which.</summary>
    public const string SelectConversation = $"SELECT {ConversationColumns} FROM conversation c {EndOfLog}";

    /// <summary>The same with one member's own row; the first parameter is his key.</summary>
    public const string SelectOwn =
        $"""
        SELECT {ConversationColumns}, {MemberColumns}, m.muted_until, x.sent_at, m.left_view
        FROM conversation c
        CROSS JOIN membership m ON m.conversation_key = c.key AND m.user_key = ?1
        CROSS JOIN user_key u ON u.key = m.user_key
        LEFT JOIN message x ON x.conversation_key = c.key AND x.seq = m.left_seq
        {EndOfLog}
        """;

    private const int OwnFrom = 14;

    private const string SelectMembers =
        $"""
        SELECT {MemberColumns} FROM membership m CROSS JOIN user_key u ON u.key = m.user_key
        WHERE m.conversation_key = ?1
        """;

    private const string SelectEntry =
        """
        SELECT m.seq, u.user_id, m.client_message_id, m.sent_at, m.kind, m.target_seq, m.content, m.edited_at, m.reacted
        FROM message m CROSS JOIN user_key u ON u.key = m.sender_key
        WHERE m.conversation_key = ? AND m.seq BETWEEN ? AND ?
        ORDER BY m.seq
        """;

    public static (long Key, ConversationRow Row) Conversation(SqliteStatement row) => (
        row.Long(0),
        new ConversationRow(
            row.Conversation(1),
            (short)row.Long(2),
            row.Text(3),
            row.Text(4),
            row.NullableLong(5) is { } only ? only != 0 : null,
            row.Text(6),
            row.Long(7),
            row.Time(8),
            row.NullableLong(9) ?? 0,
            row.NullableTime(10),
            row.Text(11),
            row.Text(12),
            (int)row.Long(13)));

    /// <summary>A row of <see cref="SelectOwn"/>.</summary>
    public static OwnConversation Own(SqliteStatement row)
    {
        var (key, conversation) = Conversation(row);
        var (member, next) = (Member(row, OwnFrom), OwnFrom + 7);
        return new OwnConversation(
            key,
            conversation,
            new ReaderRow(member, row.NullableTime(next), row.NullableTime(next + 1), row.Text(next + 2)));
    }

    /// <returns>All rows, of those who left too.</returns>
    public static List<MembershipRow> Members(SqliteSession session, long conversation) =>
        ReadMembers(session.Get(SelectMembers).Bind(1, conversation));

    public static List<MembershipRow> PresentMembers(SqliteSession session, long conversation) =>
        ReadMembers(session.Get(SelectMembers + " AND m.left_seq IS NULL").Bind(1, conversation));

    /// <returns>Those who are members now, by id.</returns>
    public static List<MembershipRow> MembersAfter(
        SqliteSession session, long conversation, UserId after, int limit) => ReadMembers(session.Get(
        SelectMembers + " AND m.left_seq IS NULL AND u.user_id > ?2 ORDER BY u.user_id LIMIT ?3")
        .Bind(1, conversation).Bind(2, after).Bind(3, limit));

    private static List<MembershipRow> ReadMembers(SqliteStatement row)
    {
        var members = new List<MembershipRow>();
        while (row.Step())
            members.Add(Member(row, 0));
        return members;
    }

    private static MembershipRow Member(SqliteStatement row, int first) => new(
        row.User(first),
        (GroupRole)row.Long(first + 1),
        row.Long(first + 2),
        row.NullableLong(first + 3),
        new Watermarks(row.Long(first + 4), row.Long(first + 5)),
        row.NullableLong(first + 6));

    /// <param name="fromSeq">Counted, as <paramref name="toSeq"/> is.</param>
    public static List<EntryRow> Ascending(
        SqliteSession session, long conversation, long fromSeq, long toSeq, int limit) =>
        Entries(session.Get(SelectEntry + " LIMIT ?"), conversation, fromSeq, toSeq, limit);

    public static List<EntryRow> Descending(
        SqliteSession session, long conversation, long fromSeq, long toSeq, int limit) =>
        Entries(session.Get(SelectEntry + " DESC LIMIT ?"), conversation, fromSeq, toSeq, limit);

    /// <summary>As readers are served them: contents unpacked, reactions folded.</summary>
    public static Message Message(SqliteSession session, KeyedView conversation, EntryRow entry) => entry.ToMessage(
        conversation.View.Conversation.Id,
        entry.ShowsReactions
            ? ReactionFold.Fold(Reactions(session, conversation.Key, entry.Seq), conversation.View.LastSeq)
            : null);

    private static List<EntryRow> Entries(SqliteStatement row, long conversation, long fromSeq, long toSeq, int limit)
    {
        var entries = new List<EntryRow>();
        row.Bind(1, conversation).Bind(2, fromSeq).Bind(3, toSeq).Bind(4, limit);
        while (row.Step())
        {
            entries.Add(new EntryRow(
                row.Long(0),
                row.User(1),
                row.Text(2),
                row.Time(3),
                (ContentKind)row.Long(4),
                row.NullableLong(5),
                row.Text(6),
                row.NullableTime(7),
                row.Long(8) != 0));
        }

        return entries;
    }

    private static List<ReactionRow> Reactions(SqliteSession session, long conversation, long target)
    {
        // Kind 4: reaction.
        var row = session.Get(
            """
            SELECT m.seq, u.user_id, m.content
            FROM message m CROSS JOIN user_key u ON u.key = m.sender_key
            WHERE m.conversation_key = ? AND m.target_seq = ? AND m.kind = 4
            ORDER BY m.seq
            """).Bind(1, conversation).Bind(2, target);
        var reactions = new List<ReactionRow>();
        while (row.Step())
        {
            reactions.Add(new ReactionRow(
                row.Long(0), row.User(1), ContentJson.Read(ContentKind.Reaction, row.Text(2), target).Emoji));
        }

        return reactions;
    }
}
