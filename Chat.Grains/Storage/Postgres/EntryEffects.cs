using Chat.Conversations;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>
/// What an entry does to others, as commands behind its insert in one implicit transaction. Each looks for its entry
/// first: where the insert was fenced, there is no effect either.
/// </summary>
internal static class EntryEffects
{
    private const string Written =
        "EXISTS (SELECT 1 FROM message e WHERE e.conversation_id = $1 AND e.seq = $2 AND e.sender_id = $3"
        + " AND e.client_message_id IS NOT DISTINCT FROM $4)";

    private const string React =
        $"""
        UPDATE message SET reacted = true
        WHERE conversation_id = $1 AND seq = $5 AND NOT reacted AND {Written}
        """;

    private const string Erase =
        $"""
        UPDATE message SET kind = 5, content = NULL, edited_at = NULL
        WHERE conversation_id = $1 AND {Written} AND seq = ANY (ARRAY(
            SELECT $5
            UNION ALL
            SELECT a.seq FROM message a WHERE a.conversation_id = $1 AND a.target_seq = $5 AND a.kind = 2))
        """;

    private const string Rewrite =
        $"""
        UPDATE message SET content = $6, edited_at = $7
        WHERE conversation_id = $1 AND seq = $5 AND sender_id = $3 AND kind IN (0, 1) AND {Written}
        """;

    /// <summary>An edit of what was deleted meanwhile is deleted with it.</summary>
    private const string EraseLateEdit =
        """
        UPDATE message SET kind = 5, content = NULL
        WHERE conversation_id = $1 AND seq = $2 AND kind = 2 AND EXISTS (
            SELECT 1 FROM message t WHERE t.conversation_id = $1 AND t.seq = $3 AND t.kind = 5)
        """;

    private const string List =
        $"""
        INSERT INTO user_conversation (user_id, conversation_id)
        SELECT u, $1 FROM unnest($5) AS u WHERE {Written}
        ON CONFLICT DO NOTHING
        """;

    private const string ReadEdited =
        """
        SELECT m.conversation_id, m.seq, m.content
        FROM unnest($1, $2) AS t (conversation_id, seq)
        JOIN message m ON m.conversation_id = t.conversation_id AND m.seq = t.seq
        """;

    public static bool Has(NewEntry entry) =>
        entry.ListFor is { Count: > 0 }
        || entry.Change is not null
        || entry.Content.Kind is ContentKind.Edit or ContentKind.Delete or ContentKind.Reaction;

    /// <summary>
    /// The stored contents that edits are about to rewrite. Read before the transaction: apart from the text, which is
    /// replaced, a content never changes, and a deletion in between is seen by the update.
    /// </summary>
    public static async Task<Dictionary<(Guid, long), string?>> ReadEditedContentsAsync(
        NpgsqlConnection connection, IReadOnlyList<NewEntry> entries, CancellationToken cancel)
    {
        var contents = new Dictionary<(Guid, long), string?>();
        NewEntry[] edits = [.. entries.Where(entry => entry.Content.Kind == ContentKind.Edit)];
        if (edits.Length == 0)
            return contents;
        await using var command = new NpgsqlCommand(ReadEdited, connection);
        command.Parameters
            .With(Array.ConvertAll(edits, edit => edit.ConversationId.Value))
            .With(Array.ConvertAll(edits, Target));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            contents[(reader.GetGuid(0), reader.GetInt64(1))] = reader.IsDBNull(2) ? null : reader.GetString(2);
        // A target of the same batch is not stored yet.
        foreach (var entry in entries)
            contents.TryAdd((entry.ConversationId.Value, entry.Seq), ContentJson.Write(entry.Content));
        return contents;
    }

    public static void AddTo(
        NpgsqlBatch batch, IReadOnlyList<NewEntry> entries, Dictionary<(Guid, long), string?> editedContents)
    {
        foreach (var entry in entries)
        {
            switch (entry.Content.Kind)
            {
                case ContentKind.Reaction:
                    batch.BatchCommands.Add(For(React, entry, Target(entry)));
                    break;
                case ContentKind.Delete:
                    batch.BatchCommands.Add(For(Erase, entry, Target(entry)));
                    break;
                case ContentKind.Edit:
                    AddEdit(batch, entry, editedContents);
                    break;
            }
            if (entry.ListFor is { Count: > 0 } users)
            {
                var list = For(List, entry);
                list.Parameters.With([.. users.Select(user => user.Value)]);
                batch.BatchCommands.Add(list);
            }
        }
        GroupChanges.AddTo(batch, entries);
    }

    private static void AddEdit(NpgsqlBatch batch, NewEntry entry, Dictionary<(Guid, long), string?> contents)
    {
        if (contents.TryGetValue((entry.ConversationId.Value, Target(entry)), out var content))
        {
            var rewrite = For(Rewrite, entry, Target(entry));
            rewrite.Parameters.With(ContentJson.WithText(content, entry.Content.Text)).With(entry.SentAt);
            batch.BatchCommands.Add(rewrite);
        }
        var erase = new NpgsqlBatchCommand(EraseLateEdit);
        erase.Parameters.With(entry.ConversationId.Value).With(entry.Seq).With(Target(entry));
        batch.BatchCommands.Add(erase);
    }

    private static NpgsqlBatchCommand For(string sql, NewEntry entry, long? target = null)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.With(entry.ConversationId.Value).With(entry.Seq).With(entry.SenderId.Value)
            .With(entry.ClientMessageId);
        if (target is { } seq)
            command.Parameters.With(seq);
        return command;
    }

    private static long Target(NewEntry entry) =>
        entry.Content.TargetSeq ?? throw new ArgumentException("An entry about another has to name it.", nameof(entry));
}
