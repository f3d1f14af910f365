using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Reads what became of entries whose outcome is in doubt, all in one snapshot.</summary>
internal static class Reconciliation
{
    private const string Sql =
        """
        SELECT c.epoch, (SELECT coalesce(max(e.seq), 0) FROM message e WHERE e.conversation_id = $1),
            f.place, f.seq, f.sent_at
        FROM conversation c
        LEFT JOIN (
            SELECT k.place, m.seq, m.sent_at
            FROM unnest($2, $3) WITH ORDINALITY AS k (sender_id, client_message_id, place)
            JOIN message m ON m.conversation_id = $1 AND m.sender_id = k.sender_id
                AND m.client_message_id = k.client_message_id) f ON true
        WHERE c.conversation_id = $1
        """;

    public static async Task<Reconciled> ReconcileAsync(
        NpgsqlDataSource database,
        ConversationId id,
        IReadOnlyList<(UserId SenderId, string ClientMessageId)> keys,
        CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Sql);
        command.CommandTimeout = PostgresStore.AppendTimeoutSeconds;
        command.Parameters.With(id.Value)
            .With([.. keys.Select(key => key.SenderId.Value)])
            .With([.. keys.Select(key => (string?)key.ClientMessageId)]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            throw new InvalidOperationException("A conversation that was written to is not stored.");
        var (epoch, lastSeq) = (reader.GetInt64(0), reader.GetInt64(1));
        var found = new FoundEntry?[keys.Count];
        do
        {
            if (reader.IsDBNull(2))
                break;
            var sentAt = reader.GetFieldValue<DateTimeOffset>(4);
            found[reader.GetInt64(2) - 1] = new FoundEntry(reader.GetInt64(3), sentAt);
        }
        while (await reader.ReadAsync(cancel));
        return new Reconciled(epoch, lastSeq, found);
    }
}
