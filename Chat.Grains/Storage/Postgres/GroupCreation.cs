using Chat.Groups;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>
/// Makes a group with its founders and its first entry in one implicit transaction. Of two at once the second waits at
/// the conversation's key and then finds the first entry: it writes nothing.
/// </summary>
internal static class GroupCreation
{
    private const string Conversation =
        """
        INSERT INTO conversation (conversation_id, kind, created_at, title, description, picture_media_id,
            history_visibility, only_admins_send, retention, member_count)
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT DO NOTHING
        """;

    private const string IsNew =
        "NOT EXISTS (SELECT 1 FROM message e WHERE e.conversation_id = $1 AND e.seq = 1)";

    private const string Members =
        $"""
        INSERT INTO membership (conversation_id, user_id, role, joined_seq)
        SELECT $1, u, CASE WHEN u = $3 THEN 2 ELSE 0 END, 1 FROM unnest($2) AS u WHERE {IsNew}
        ON CONFLICT DO NOTHING
        """;

    private const string Listing =
        $"""
        INSERT INTO user_conversation (user_id, conversation_id)
        SELECT u, $1 FROM unnest($2) AS u WHERE {IsNew}
        ON CONFLICT DO NOTHING
        """;

    private const string FirstEntry =
        """
        INSERT INTO message (conversation_id, seq, sender_id, sent_at, kind, content)
        VALUES ($1, 1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        """;

    public static async Task<bool> CreateAsync(NpgsqlDataSource database, NewGroup group, CancellationToken cancel)
    {
        // In one order everywhere, so that two creators wait for one another instead of in a circle.
        Guid[] members = [.. group.MemberIds.Append(group.CreatorId).Distinct().Order().Select(user => user.Value)];
        await using var batch = database.CreateBatch();
        var conversation = new NpgsqlBatchCommand(Conversation);
        conversation.Parameters.With(group.Id.Value).With(group.CreatedAt).With(group.Settings)
            .With((long)members.Length);
        var membership = new NpgsqlBatchCommand(Members);
        membership.Parameters.With(group.Id.Value).With(members).With(group.CreatorId.Value);
        var listing = new NpgsqlBatchCommand(Listing);
        listing.Parameters.With(group.Id.Value).With(members);
        var entry = new NpgsqlBatchCommand(FirstEntry);
        entry.Parameters.With(group.Id.Value).With(group.CreatorId.Value).With(group.CreatedAt)
            .With((short)group.FirstEntry.Kind).With(ContentJson.Write(group.FirstEntry));
        foreach (var command in (ReadOnlySpan<NpgsqlBatchCommand>)[conversation, membership, listing, entry])
            batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancel);
        return conversation.RecordsAffected > 0;
    }

    /// <summary>Title, description, picture, visibility, who sends, retention: six parameters, in that order.</summary>
    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, GroupSettings? settings) =>
        parameters
            .With(settings?.Title)
            .With(settings?.Description)
            .With(settings?.PictureMediaId)
            .With(settings?.HistoryVisibility)
            .With(settings?.OnlyAdminsSend)
            .With(settings is null ? null : ContentJson.WriteRetention(settings.Retention));
}
