using Chat.Ids;
using Chat.Receipts;

namespace Chat.Storage.Sqlite;

/// <summary>How far members have got, and when they passed what: each pass is kept as a row.</summary>
internal sealed class SqliteWatermarks(SqliteKeys keys)
{
    /// <returns>How many of the steps raised something.</returns>
    public int Raise(SqliteSession session, IReadOnlyList<WatermarkStep> steps)
    {
        var raised = 0;
        foreach (var step in steps)
        {
            if (keys.Log(session, step.ConversationId) is { } log && Raise(session, log.Key, step))
                raised++;
        }

        return raised;
    }

    public static FormerMark? MarkFormer(SqliteSession session, ConversationId id, UserId user, Watermarks given)
    {
        var row = session.Get(
            """
            SELECT m.conversation_key, m.user_key, m.left_seq, m.delivered_seq, m.read_seq
            FROM conversation c
            CROSS JOIN user_key u ON u.user_id = ?2
            CROSS JOIN membership m ON m.conversation_key = c.key AND m.user_key = u.key
            WHERE c.conversation_id = ?1 AND m.left_seq IS NOT NULL
            """).Bind(1, id).Bind(2, user);
        if (!row.Step())
            return null;

        var (conversation, member) = (row.Long(0), row.Long(1));
        var (cut, before) = (given.CutOffAt(row.Long(2)), new Watermarks(row.Long(3), row.Long(4)));
        row.Reset();
        var after = before.RaisedBy(cut);
        if (after == before)
            return new FormerMark(before, HasRisen: false);

        Set(session, conversation, member, after);
        return new FormerMark(after, HasRisen: true);
    }

    /// <summary>What somebody passed in a later stay says nothing of an earlier one.</summary>
    /// <returns>For each in one of whose stays the entry lies, but its sender.</returns>
    public static IReadOnlyList<MemberReceipt> GetReceipts(SqliteSession session, ConversationId id, long seq)
    {
        if (session.Get("SELECT key FROM conversation WHERE conversation_id = ?").Bind(1, id).Scalar()
            is not { } conversation)
        {
            return [];
        }

        var row = session.Get(
            """
            SELECT u.user_id,
                (SELECT s.delivered_at FROM receipt_step s WHERE s.conversation_key = m.conversation_key
                    AND s.user_key = m.user_key AND s.seq BETWEEN ?2 AND m.to_seq
                    AND s.delivered_at IS NOT NULL ORDER BY s.seq LIMIT 1),
                (SELECT s.read_at FROM receipt_step s WHERE s.conversation_key = m.conversation_key
                    AND s.user_key = m.user_key AND s.seq BETWEEN ?2 AND m.to_seq
                    AND s.read_at IS NOT NULL ORDER BY s.seq LIMIT 1)
            FROM (
                SELECT conversation_key, user_key, coalesce(left_seq, 9223372036854775807) AS to_seq FROM membership
                WHERE conversation_key = ?1 AND joined_seq <= ?2 AND (left_seq IS NULL OR left_seq >= ?2)
                UNION ALL
                SELECT conversation_key, user_key, left_seq FROM membership_period
                WHERE conversation_key = ?1 AND joined_seq <= ?2 AND left_seq >= ?2) m
            CROSS JOIN user_key u ON u.key = m.user_key
            WHERE m.user_key IS NOT (SELECT sender_key FROM message WHERE conversation_key = ?1 AND seq = ?2)
            ORDER BY u.user_id
            """).Bind(1, conversation).Bind(2, seq);
        var receipts = new List<MemberReceipt>();
        while (row.Step())
            receipts.Add(new MemberReceipt(row.User(0), Second(row.NullableLong(1)), Second(row.NullableLong(2))));

        return receipts;
    }

    private bool Raise(SqliteSession session, long conversation, WatermarkStep step)
    {
        var user = keys.User(session, step.UserId);
        var row = session.Get(
            "SELECT delivered_seq, read_seq FROM membership WHERE conversation_key = ? AND user_key = ?")
            .Bind(1, conversation).Bind(2, user);
        if (!row.Step())
            return false;

        var before = new Watermarks(row.Long(0), row.Long(1));
        row.Reset();
        if (before.Covers(step.Watermarks))
            return false;

        var after = before.RaisedBy(step.Watermarks);
        Set(session, conversation, user, after);
        long? delivered = after.DeliveredSeq > before.DeliveredSeq ? after.DeliveredSeq : null;
        long? read = after.ReadSeq > before.ReadSeq ? after.ReadSeq : null;
        if (delivered is { } seq)
            Keep(session, conversation, user, seq, step.At, isDelivered: true, isRead: read == seq);
        if (read is { } readSeq && read != delivered)
            Keep(session, conversation, user, readSeq, step.At, isDelivered: false, isRead: true);
        return true;
    }

    private static void Set(SqliteSession session, long conversation, long user, Watermarks watermarks) => session.Get(
        "UPDATE membership SET delivered_seq = ?, read_seq = ? WHERE conversation_key = ? AND user_key = ?")
        .Bind(1, watermarks.DeliveredSeq).Bind(2, watermarks.ReadSeq).Bind(3, conversation).Bind(4, user)
        .Run();

    private static void Keep(
        SqliteSession session, long conversation, long user, long seq, DateTimeOffset at, bool isDelivered, bool isRead)
    {
        var second = at.ToUnixTimeSeconds();
        session.Get(
            """
            INSERT INTO receipt_step (conversation_key, user_key, seq, delivered_at, read_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
                delivered_at = coalesce(delivered_at, excluded.delivered_at),
                read_at = coalesce(read_at, excluded.read_at)
            """)
            .Bind(1, conversation)
            .Bind(2, user)
            .Bind(3, seq)
            .Bind(4, isDelivered ? second : null)
            .Bind(5, isRead ? second : null)
            .Run();
    }

    private static DateTimeOffset? Second(long? unix) =>
        unix is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
