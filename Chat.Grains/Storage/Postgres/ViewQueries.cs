using Chat.Ids;
using Chat.Receipts;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>A conversation and everybody who is or was in it.</summary>
internal sealed record StoredConversation(ConversationRow Row, List<MembershipRow> Members);

/// <summary>What users list, and conversations with their members.</summary>
internal static class ViewQueries
{
    private const string Listed = "SELECT user_id, conversation_id FROM user_conversation WHERE user_id = ANY ($1)";

    private const string Conversations =
        """
        SELECT c.conversation_id, c.kind, c.title, c.history_visibility, c.only_admins_send, c.retention,
            c.settings_version, c.created_at, l.seq, l.sent_at
        FROM conversation c
        LEFT JOIN LATERAL (
            SELECT m.seq, m.sent_at FROM message m WHERE m.conversation_id = c.conversation_id
            ORDER BY m.seq DESC LIMIT 1) l ON true
        WHERE c.conversation_id = ANY ($1)
        """;

    private const string Members =
        """
        SELECT conversation_id, user_id, role, joined_seq, left_seq, delivered_seq, read_seq
        FROM membership WHERE conversation_id = ANY ($1)
        """;

    public static async Task<ILookup<UserId, ConversationId>> ReadListedAsync(
        NpgsqlConnection connection, IReadOnlyList<UserId> users, CancellationToken cancel)
    {
        var listed = new List<(UserId User, ConversationId Conversation)>();
        if (users.Count > 0)
        {
            await using var command = new NpgsqlCommand(Listed, connection);
            command.Parameters.With([.. users.Select(user => user.Value)]);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                listed.Add((new UserId(reader.GetGuid(0)), new ConversationId(reader.GetGuid(1))));
        }
        return listed.ToLookup(each => each.User, each => each.Conversation);
    }

    public static async Task<Dictionary<ConversationId, StoredConversation>> ReadConversationsAsync(
        NpgsqlConnection connection, IReadOnlyList<ConversationId> ids, CancellationToken cancel)
    {
        var stored = new Dictionary<ConversationId, StoredConversation>(ids.Count);
        if (ids.Count == 0)
            return stored;
        Guid[] keys = [.. ids.Select(id => id.Value)];
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (ReadOnlySpan<string>)[Conversations, Members])
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.With(keys);
            batch.BatchCommands.Add(command);
        }
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var row = ReadConversation(reader);
            stored.Add(row.Id, new StoredConversation(row, []));
        }
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (stored.TryGetValue(new ConversationId(reader.GetGuid(0)), out var conversation))
                conversation.Members.Add(ReadMember(reader, 1));
        }
        return stored;
    }

    public static async Task<IReadOnlyList<bool>> ExistAsync(
        NpgsqlDataSource database, IReadOnlyList<ConversationId> ids, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT conversation_id FROM conversation WHERE conversation_id = ANY ($1)");
        command.Parameters.With([.. ids.Select(id => id.Value)]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var existing = new HashSet<Guid>();
        while (await reader.ReadAsync(cancel))
            existing.Add(reader.GetGuid(0));
        return [.. ids.Select(id => existing.Contains(id.Value))];
    }

    /// <param name="first">The column of the user id; role, joined, left, delivered and read follow.</param>
    public static MembershipRow ReadMember(NpgsqlDataReader reader, int first) => new(
        new UserId(reader.GetGuid(first)),
        reader.GetInt16(first + 1),
        reader.GetInt64(first + 2),
        reader.IsDBNull(first + 3) ? null : reader.GetInt64(first + 3),
        new Watermarks(reader.GetInt64(first + 4), reader.GetInt64(first + 5)));

    private static ConversationRow ReadConversation(NpgsqlDataReader reader) => new(
        new ConversationId(reader.GetGuid(0)),
        reader.GetInt16(1),
        reader.IsDBNull(2) ? null : reader.GetString(2),
        reader.IsDBNull(3) ? null : reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetBoolean(4),
        reader.IsDBNull(5) ? null : reader.GetString(5),
        reader.GetInt64(6),
        reader.GetFieldValue<DateTimeOffset>(7),
        reader.IsDBNull(8) ? 0 : reader.GetInt64(8),
        reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9));
}
