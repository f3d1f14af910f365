using Chat.Ids;
using Chat.Receipts;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Takes a conversation over from whoever wrote it before.</summary>
internal static class ConversationOpening
{
    public static async Task<OpenedConversation?> OpenAsync(
        NpgsqlDataSource database, ConversationId id, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        long epoch, lastSeq;
        short kind;
        var members = new List<MemberState>();
        await using (var batch = Fence(connection, id))
        await using (var reader = await batch.ExecuteReaderAsync(cancel))
        {
            if (!await reader.ReadAsync(cancel))
                return null;
            (epoch, kind) = (reader.GetInt64(0), reader.GetInt16(1));
            await reader.NextResultAsync(cancel);
            await reader.ReadAsync(cancel);
            lastSeq = reader.GetInt64(0);
            await reader.NextResultAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                members.Add(new MemberState(
                    new UserId(reader.GetGuid(0)),
                    (Chat.Groups.GroupRole)reader.GetInt16(1),
                    new Watermarks(reader.GetInt64(4), reader.GetInt64(5)),
                    reader.GetInt64(2),
                    reader.IsDBNull(3) ? null : reader.GetInt64(3)));
            }
        }
        // The first entry lists it for everybody, so there is nothing to ask once something was said.
        var unlisted = kind == ConversationRow.Direct && lastSeq == 0
            ? await ReadUnlistedAsync(connection, id, members, cancel)
            : [];
        return new OpenedConversation(epoch, lastSeq, StoredNames.ConversationKind(kind), members, unlisted);
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
                "UPDATE conversation SET epoch = epoch + 1 WHERE conversation_id = $1 RETURNING epoch, kind",
                "SELECT coalesce(max(seq), 0) FROM message WHERE conversation_id = $1",
                """
                SELECT user_id, role, joined_seq, left_seq, delivered_seq, read_seq
                FROM membership WHERE conversation_id = $1 ORDER BY user_id
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
