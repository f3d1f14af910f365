using Chat.Ids;
using Chat.Receipts;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Watermarks of members, and the steps in which they rose.</summary>
internal static class WatermarkSteps
{
    /// <summary>
    /// Where nothing rises, nothing is written. A step is kept where the stored watermark is now the one given; if it
    /// was that before, the step is there already. A stay begins with what lies before it as read, though: nobody has
    /// passed that.
    /// </summary>
    private const string Raise =
        """
        WITH raised AS (
            UPDATE membership m
            SET delivered_seq = greatest(m.delivered_seq, s.delivered_seq), read_seq = greatest(m.read_seq, s.read_seq)
            FROM unnest($1, $2, $3, $4, $5) AS s (conversation_id, user_id, delivered_seq, read_seq, at)
            WHERE m.conversation_id = s.conversation_id AND m.user_id = s.user_id
                AND (m.delivered_seq < s.delivered_seq OR m.read_seq < s.read_seq)
            RETURNING m.conversation_id, m.user_id, s.at,
                CASE WHEN m.delivered_seq = s.delivered_seq THEN s.delivered_seq ELSE 0 END AS delivered_seq,
                CASE WHEN m.read_seq = s.read_seq AND s.read_seq >= m.joined_seq THEN s.read_seq ELSE 0 END AS read_seq)
        INSERT INTO receipt_step (conversation_id, user_id, kind, seq, at)
        SELECT r.conversation_id, r.user_id, k.kind, k.seq, r.at
        FROM raised r
        CROSS JOIN LATERAL (VALUES (0::smallint, r.delivered_seq), (1::smallint, r.read_seq)) AS k (kind, seq)
        WHERE k.seq > 0
        ON CONFLICT DO NOTHING
        """;

    /// <summary>
    /// Of all in one of whose stays the entry lies. What he passed in a later stay says nothing of this one.
    /// </summary>
    private const string Receipts =
        """
        SELECT m.user_id,
            (SELECT s.at FROM receipt_step s WHERE s.conversation_id = $1 AND s.user_id = m.user_id AND s.kind = 0
                AND s.seq BETWEEN $2 AND m.to_seq ORDER BY s.seq LIMIT 1),
            (SELECT s.at FROM receipt_step s WHERE s.conversation_id = $1 AND s.user_id = m.user_id AND s.kind = 1
                AND s.seq BETWEEN $2 AND m.to_seq ORDER BY s.seq LIMIT 1)
        FROM (
            SELECT user_id, coalesce(left_seq, 9223372036854775807) AS to_seq FROM membership
            WHERE conversation_id = $1 AND joined_seq <= $2 AND (left_seq IS NULL OR left_seq >= $2)
            UNION ALL
            SELECT user_id, left_seq FROM membership_period
            WHERE conversation_id = $1 AND joined_seq <= $2 AND left_seq >= $2) m
        WHERE m.user_id IS DISTINCT FROM (
                SELECT e.sender_id FROM message e WHERE e.conversation_id = $1 AND e.seq = $2)
        ORDER BY m.user_id
        """;

    public static async Task RaiseAsync(
        NpgsqlDataSource database, IReadOnlyList<WatermarkStep> steps, CancellationToken cancel)
    {
        if (steps.Count == 0)
            return;
        await using var batch = database.CreateBatch();
        foreach (var round in Rounds(steps))
        {
            var command = new NpgsqlBatchCommand(Raise);
            Bind(command.Parameters, round);
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<IReadOnlyList<MemberReceipt>> ReadReceiptsAsync(
        NpgsqlDataSource database, ConversationId id, long seq, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Receipts);
        command.Parameters.With(id.Value).With(seq);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var receipts = new List<MemberReceipt>();
        while (await reader.ReadAsync(cancel))
            receipts.Add(new MemberReceipt(new UserId(reader.GetGuid(0)), Second(reader, 1), Second(reader, 2)));
        return receipts;
    }

    /// <summary>
    /// One statement changes a row once, so a member's further steps wait for the next statement. Rows are taken in one
    /// order everywhere, so that two silos wait for one another instead of in a circle.
    /// </summary>
    private static List<List<WatermarkStep>> Rounds(IReadOnlyList<WatermarkStep> steps)
    {
        var rounds = new List<List<WatermarkStep>>();
        var seen = new Dictionary<(Guid, Guid), int>(steps.Count);
        foreach (var step in steps)
        {
            var key = (step.ConversationId.Value, step.UserId.Value);
            var round = seen[key] = seen.GetValueOrDefault(key, -1) + 1;
            if (round == rounds.Count)
                rounds.Add([]);
            rounds[round].Add(step);
        }
        foreach (var round in rounds)
        {
            round.Sort(static (one, other) =>
                one.ConversationId.Value.CompareTo(other.ConversationId.Value) is var order and not 0
                    ? order
                    : one.UserId.CompareTo(other.UserId));
        }
        return rounds;
    }

    private static void Bind(NpgsqlParameterCollection parameters, List<WatermarkStep> steps)
    {
        var count = steps.Count;
        var (conversations, users, times) = (new Guid[count], new Guid[count], new DateTime[count]);
        var (delivered, read) = (new long[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var step = steps[i];
            conversations[i] = step.ConversationId.Value;
            users[i] = step.UserId.Value;
            // Reading implies having.
            delivered[i] = Math.Max(step.Watermarks.DeliveredSeq, step.Watermarks.ReadSeq);
            read[i] = step.Watermarks.ReadSeq;
            times[i] = step.At.UtcDateTime;
        }
        parameters.With(conversations).With(users).With(delivered).With(read).With(times);
    }

    private static DateTimeOffset? Second(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
            return null;
        var at = reader.GetFieldValue<DateTimeOffset>(column);
        return at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
    }
}
