using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Takes a conversation over from whoever wrote it before.</summary>
internal static class ConversationOpening
{
    public static async Task<OpenedConversation?> OpenAsync(
        NpgsqlDataSource database, ConversationId id, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        long epoch;
        ConversationRow conversation;
        var members = new List<MemberState>();
        await using (var batch = Fence(connection, id))
        await using (var reader = await batch.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel))
                return null;
            epoch = reader.GetInt64(0);
            await reader.NextResultAsync(cancel);
            await reader.ReadAsync(cancel);
            conversation = ViewQueries.ReadConversation(reader);
            await reader.NextResultAsync(cancel);
            while (await reader.ReadAsync(cancel))
                members.Add(ViewQueries.ReadMember(reader, 0).ToState());
        }
        // The first entry lists it for everybody, so there is nothing to ask once something was said.
        var unlisted = conversation is { Kind: ConversationRow.Direct, LastSeq: 0 }
            ? await ReadUnlistedAsync(connection, id, members, cancel)
            : [];
        return new OpenedConversation(
            epoch,
            conversation.LastSeq,
            StoredNames.ConversationKind(conversation.Kind),
            members,
            unlisted,
            conversation.Settings,
            conversation.SettingsVersion);
    }

    /// <summary>
    /// The log's end is read after the epoch was raised. A writer that had checked the old epoch just before may still
    /// commit behind it: then the first append here meets its entry in the primary key.
    /// </summary>
    private static NpgsqlBatch Fence(NpgsqlConnection connection, ConversationId id)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var sql in (ReadOnlySpan<string>)
            [
                "UPDATE conversation SET epoch = epoch + 1 WHERE conversation_id = $1 RETURNING epoch",
                $"{ViewQueries.SelectConversation} WHERE c.conversation_id = $1",
                $"""
                SELECT {ViewQueries.MemberColumns}
                FROM membership m WHERE m.conversation_id = $1 ORDER BY m.user_id
                """,
            ])
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.With(id.Value);
            batch.BatchCommands.Add(command);
        }
        return batch;
    }

    private static async Task<IReadOnlyList<UserId>> ReadUnlistedAsync(
        NpgsqlConnection connection, ConversationId id, List<MemberState> members, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "SELECT user_id FROM user_conversation WHERE user_id = ANY ($1) AND conversation_id = $2", connection);
        command.Parameters.With([.. members.Select(member => member.UserId.Value)]).With(id.Value);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var listed = new HashSet<UserId>();
        while (await reader.ReadAsync(cancel))
            listed.Add(new UserId(reader.GetGuid(0)));
        return [.. members.Select(member => member.UserId).Where(user => !listed.Contains(user))];
    }
}
