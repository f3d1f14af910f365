using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Reads what became of entries whose outcome is in doubt.</summary>
internal static class Reconciliation
{
    public static async Task<Reconciled> ReconcileAsync(
        NpgsqlDataSource database,
        ConversationId id,
        IReadOnlyList<(UserId SenderId, string ClientMessageId)> keys,
        CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        // The entries first: what commits between the statements is then after the end that was seen, never missing in it.
        var found = new NpgsqlBatchCommand(
            """
            SELECT k.place, m.seq, m.sent_at
            FROM unnest($2, $3) WITH ORDINALITY AS k (sender_id, client_message_id, place)
            JOIN message m ON m.conversation_id = $1 AND m.sender_id = k.sender_id
                AND m.client_message_id = k.client_message_id
            """);
        found.Parameters.With(id.Value)
            .With([.. keys.Select(key => key.SenderId.Value)])
            .With([.. keys.Select(key => (string?)key.ClientMessageId)]);
        var end = new NpgsqlBatchCommand(
            """
            SELECT c.epoch, (SELECT coalesce(max(seq), 0) FROM message WHERE conversation_id = $1)
            FROM conversation c WHERE c.conversation_id = $1
            """);
        end.Parameters.With(id.Value);
        batch.BatchCommands.Add(found);
        batch.BatchCommands.Add(end);

        var entries = new FoundEntry?[keys.Count];
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            entries[reader.GetInt64(0) - 1] = new FoundEntry(reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
        await reader.NextResultAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new Reconciled(reader.GetInt64(0), reader.GetInt64(1), entries)
            : throw new InvalidOperationException("A conversation that was written to is not stored.");
    }
}
