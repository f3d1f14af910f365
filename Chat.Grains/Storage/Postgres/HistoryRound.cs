using Chat.Conversations;
using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

internal sealed record HistoryRead(UserId UserId, ConversationId ConversationId, HistoryWindow Window);

/// <summary>
/// Answers many history pages together: who may read what; the entries, both ways; reactions to them.
/// </summary>
internal static class HistoryRound
{
    private const string Readable =
        $"""
        SELECT r.place, {ViewQueries.MemberColumns}, l.seq,
            (SELECT c.history_visibility FROM conversation c WHERE c.conversation_id = r.conversation_id)
        FROM unnest($1, $2) WITH ORDINALITY AS r (conversation_id, user_id, place)
        CROSS JOIN LATERAL ({ViewQueries.OwnMembership}) m
        CROSS JOIN LATERAL (
            SELECT coalesce(max(e.seq), 0) AS seq FROM message e WHERE e.conversation_id = r.conversation_id) l
        """;

    private const string Below =
        $"""
        SELECT {EntryQueries.Columns} FROM message m
        WHERE m.conversation_id = $1 AND m.seq >= $2 AND m.seq <= $3 AND m.seq < $4
        ORDER BY m.seq DESC LIMIT $5
        """;

    private const string Above =
        $"""
        SELECT {EntryQueries.Columns} FROM message m
        WHERE m.conversation_id = $1 AND m.seq >= $2 AND m.seq <= $3 AND m.seq > $4
        ORDER BY m.seq LIMIT $5
        """;

    public static async Task<IReadOnlyList<HistoryPage?>> RunAsync(
        NpgsqlDataSource database, IReadOnlyList<HistoryRead> reads, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var readable = await ReadReadableAsync(connection, reads, cancel);
        var slices = await ReadSlicesAsync(connection, reads, readable, cancel);
        (ConversationId, long)[] reacted = [.. slices
            .SelectMany((slice, i) => slice.Rows
                .Where(row => row.ShowsReactions)
                .Select(row => (reads[i].ConversationId, row.Seq)))
            .Distinct()];
        var reactions = await EntryQueries.ReadReactionsAsync(connection, reacted, cancel);

        var pages = new HistoryPage?[reads.Count];
        for (var i = 0; i < pages.Length; i++)
        {
            if (readable[i] is not { } range)
                continue;
            var id = reads[i].ConversationId;
            pages[i] = new HistoryPage(
                [.. slices[i].Rows.Select(row => row.ToMessage(
                    id,
                    row.ShowsReactions && reactions.TryGetValue((id, row.Seq), out var rows)
                        ? ReactionFold.Fold(rows, range.ToSeq)
                        : null))],
                slices[i].Gone,
                slices[i].HasMore);
        }
        return pages;
    }

    /// <returns>For each read what its user may see; null: he is no member.</returns>
    private static async Task<EntryRange?[]> ReadReadableAsync(
        NpgsqlConnection connection, IReadOnlyList<HistoryRead> reads, CancellationToken cancel)
    {
        var readable = new EntryRange?[reads.Count];
        await using var command = new NpgsqlCommand(Readable, connection);
        command.Parameters
            .With([.. reads.Select(read => read.ConversationId.Value)])
            .With([.. reads.Select(read => read.UserId.Value)]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var place = (int)reader.GetInt64(0) - 1;
            var member = ViewQueries.ReadMember(reader, 1);
            var next = 1 + ViewQueries.MemberColumnCount;
            var window = ReadingWindow.Of(member, reader.TextOrNull(next + 1), reader.GetInt64(next));
            readable[place] = new EntryRange(reads[place].ConversationId, window.FromSeq, window.ToSeq);
        }
        return readable;
    }

    private static async Task<HistorySlice[]> ReadSlicesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<HistoryRead> reads,
        EntryRange?[] readable,
        CancellationToken cancel)
    {
        var slices = new HistorySlice[reads.Count];
        Array.Fill(slices, new HistorySlice([], null, false));
        await using var batch = new NpgsqlBatch(connection);
        for (var i = 0; i < slices.Length; i++)
        {
            if (readable[i] is not { } range)
                continue;
            if (reads[i].Window.Below is { } below)
                batch.BatchCommands.Add(For(Below, range, below, reads[i].Window.Take));
            if (reads[i].Window.Above is { } above)
                batch.BatchCommands.Add(For(Above, range, above, reads[i].Window.Take));
        }
        if (batch.BatchCommands.Count == 0)
            return slices;
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        for (var i = 0; i < slices.Length; i++)
        {
            if (readable[i] is not { } range)
                continue;
            var below = reads[i].Window.Below is null ? [] : await ReadResultAsync(reader, cancel);
            var above = reads[i].Window.Above is null ? [] : await ReadResultAsync(reader, cancel);
            slices[i] = reads[i].Window.Cut(range.ToSeq, below, above);
        }
        return slices;
    }

    private static async Task<List<EntryRow>> ReadResultAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        var rows = new List<EntryRow>();
        while (await reader.ReadAsync(cancel))
            rows.Add(EntryQueries.ReadEntry(reader, 0));
        await reader.NextResultAsync(cancel);
        return rows;
    }

    private static NpgsqlBatchCommand For(string sql, EntryRange range, long place, int take)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.With(range.ConversationId.Value).With(range.FromSeq).With(range.ToSeq).With(place)
            .With((long)take);
        return command;
    }
}
