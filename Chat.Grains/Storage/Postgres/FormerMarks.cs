using Chat.Ids;
using Chat.Receipts;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Watermarks of those who have left: no step is kept of them.</summary>
internal static class FormerMarks
{
    /// <summary>The row is locked first, so that what is answered is what was compared.</summary>
    private const string Raise =
        """
        WITH own AS MATERIALIZED (
            SELECT delivered_seq, read_seq, least($3, left_seq) AS got, least($4, left_seq) AS seen FROM membership
            WHERE conversation_id = $1 AND user_id = $2 AND left_seq IS NOT NULL
            FOR NO KEY UPDATE),
        raised AS (
            UPDATE membership m
            SET delivered_seq = greatest(m.delivered_seq, o.got), read_seq = greatest(m.read_seq, o.seen)
            FROM own o
            WHERE m.conversation_id = $1 AND m.user_id = $2 AND (m.delivered_seq < o.got OR m.read_seq < o.seen)
            RETURNING m.delivered_seq, m.read_seq)
        SELECT coalesce(r.delivered_seq, o.delivered_seq), coalesce(r.read_seq, o.read_seq), r.read_seq IS NOT NULL
        FROM own o LEFT JOIN raised r ON true
        """;

    public static async Task<FormerMark?> RaiseAsync(
        NpgsqlDataSource database, ConversationId id, UserId userId, Watermarks watermarks, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Raise);
        // Reading implies having.
        command.Parameters.With(id.Value).With(userId.Value)
            .With(Math.Max(watermarks.DeliveredSeq, watermarks.ReadSeq)).With(watermarks.ReadSeq);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new FormerMark(new Watermarks(reader.GetInt64(0), reader.GetInt64(1)), reader.GetBoolean(2))
            : null;
    }
}
