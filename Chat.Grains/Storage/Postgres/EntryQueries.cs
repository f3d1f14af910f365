using Chat.Conversations;
using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>One member's count over a piece of a log; the query fills in the results.</summary>
/// <param name="FromSeq">First entry to look at; none before is asked about.</param>
/// <param name="ToSeq">The last entry that he may read.</param>
internal sealed record EntryCount(
    ConversationId ConversationId, UserId UserId, long FromSeq, long ToSeq, long ReadSeq, long HeldSeq)
{
    /// <summary>Texts and pictures of others after <see cref="ReadSeq"/>.</summary>
    public long Unread { get; set; }

    /// <summary>Entries after <see cref="HeldSeq"/>, and the stored bytes of their contents.</summary>
    public long Following { get; set; }

    public long FollowingBytes { get; set; }
}

/// <summary>A piece of a log, both ends counted.</summary>
internal readonly record struct EntryRange(ConversationId ConversationId, long FromSeq, long ToSeq);

/// <summary>Entries of many conversations by one statement.</summary>
internal static class EntryQueries
{
    /// <summary>What <see cref="ReadEntry"/> expects, in its order.</summary>
    public const string Columns =
        "m.seq, m.sender_id, m.client_message_id, m.sent_at, m.kind, m.target_seq, m.content, m.edited_at, m.reacted";

    private const string Counts =
        """
        SELECT c.place, x.unread, x.following, x.bytes
        FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY
            AS c (conversation_id, user_id, from_seq, to_seq, read_seq, held_seq, place)
        CROSS JOIN LATERAL (
            SELECT
                count(*) FILTER (WHERE m.kind IN (0, 1) AND m.sender_id <> c.user_id AND m.seq > c.read_seq) AS unread,
                count(*) FILTER (WHERE m.seq > c.held_seq) AS following,
                coalesce(sum(octet_length(m.content)) FILTER (WHERE m.seq > c.held_seq), 0) AS bytes
            FROM message m
            WHERE m.conversation_id = c.conversation_id AND m.seq BETWEEN c.from_seq AND c.to_seq) x
        """;

    private const string Ranges =
        $"""
        SELECT r.place, {Columns}
        FROM unnest($1, $2, $3) WITH ORDINALITY AS r (conversation_id, from_seq, to_seq, place)
        JOIN message m ON m.conversation_id = r.conversation_id AND m.seq BETWEEN r.from_seq AND r.to_seq
        """;

    private const string Reactions =
        """
        SELECT t.place, m.seq, m.sender_id, m.content
        FROM unnest($1, $2) WITH ORDINALITY AS t (conversation_id, seq, place)
        JOIN message m ON m.conversation_id = t.conversation_id AND m.target_seq = t.seq AND m.kind = 4
        """;

    public static async Task CountAsync(
        NpgsqlConnection connection, EntryCount[] counts, CancellationToken cancel)
    {
        if (counts.Length == 0)
            return;
        await using var command = new NpgsqlCommand(Counts, connection);
        command.Parameters
            .With(Array.ConvertAll(counts, count => count.ConversationId.Value))
            .With(Array.ConvertAll(counts, count => count.UserId.Value))
            .With(Array.ConvertAll(counts, count => count.FromSeq))
            .With(Array.ConvertAll(counts, count => count.ToSeq))
            .With(Array.ConvertAll(counts, count => count.ReadSeq))
            .With(Array.ConvertAll(counts, count => count.HeldSeq));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var count = counts[reader.GetInt64(0) - 1];
            (count.Unread, count.Following, count.FollowingBytes) =
                (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        }
    }

    /// <returns>The entries of each range, ascending.</returns>
    public static async Task<List<EntryRow>[]> ReadRangesAsync(
        NpgsqlConnection connection, EntryRange[] ranges, CancellationToken cancel)
    {
        var found = Array.ConvertAll(ranges, _ => new List<EntryRow>());
        if (ranges.Length == 0)
            return found;
        await using var command = new NpgsqlCommand(Ranges, connection);
        command.Parameters
            .With(Array.ConvertAll(ranges, range => range.ConversationId.Value))
            .With(Array.ConvertAll(ranges, range => range.FromSeq))
            .With(Array.ConvertAll(ranges, range => range.ToSeq));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            found[reader.GetInt64(0) - 1].Add(ReadEntry(reader, 1));
        // Ascending as the index gives them; the sort only says so and finds nothing to do.
        foreach (var rows in found)
            rows.Sort(static (one, other) => one.Seq.CompareTo(other.Seq));
        return found;
    }

    /// <returns>The reaction entries about each, ascending; nothing for those without.</returns>
    public static async Task<Dictionary<(ConversationId, long), List<ReactionRow>>> ReadReactionsAsync(
        NpgsqlConnection connection, (ConversationId Id, long Seq)[] targets, CancellationToken cancel)
    {
        var found = new Dictionary<(ConversationId, long), List<ReactionRow>>();
        if (targets.Length == 0)
            return found;
        await using var command = new NpgsqlCommand(Reactions, connection);
        command.Parameters
            .With(Array.ConvertAll(targets, target => target.Id.Value))
            .With(Array.ConvertAll(targets, target => target.Seq));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var target = targets[reader.GetInt64(0) - 1];
            if (!found.TryGetValue(target, out var rows))
                found.Add(target, rows = []);
            var content = reader.IsDBNull(3) ? null : reader.GetString(3);
            rows.Add(new ReactionRow(
                reader.GetInt64(1),
                new UserId(reader.GetGuid(2)),
                ContentJson.Read(ContentKind.Reaction, content, target.Seq).Emoji));
        }
        foreach (var rows in found.Values)
            rows.Sort(static (one, other) => one.Seq.CompareTo(other.Seq));
        return found;
    }

    /// <param name="first">The column of the first of <see cref="Columns"/>.</param>
    public static EntryRow ReadEntry(NpgsqlDataReader reader, int first) => new(
        reader.GetInt64(first),
        new UserId(reader.GetGuid(first + 1)),
        reader.IsDBNull(first + 2) ? null : reader.GetString(first + 2),
        reader.GetFieldValue<DateTimeOffset>(first + 3),
        (ContentKind)reader.GetInt16(first + 4),
        reader.IsDBNull(first + 5) ? null : reader.GetInt64(first + 5),
        reader.IsDBNull(first + 6) ? null : reader.GetString(first + 6),
        reader.IsDBNull(first + 7) ? null : reader.GetFieldValue<DateTimeOffset>(first + 7),
        reader.GetBoolean(first + 8));
}
