using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Makes a direct conversation; whoever comes second finds it.</summary>
internal static class DirectCreation
{
    public static async Task<bool> CreateAsync(
        NpgsqlDataSource database,
        ConversationId id,
        UserId openerId,
        UserId otherId,
        DateTimeOffset now,
        CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        var conversation = new NpgsqlBatchCommand(
            """
            INSERT INTO conversation (conversation_id, kind, created_at, member_count) VALUES ($1, 0, $2, $3)
            ON CONFLICT DO NOTHING
            """);
        // In the order of the ids: two openers at once wait for one another instead of in a circle.
        Guid[] members = openerId == otherId
            ? [openerId.Value]
            : openerId < otherId ? [openerId.Value, otherId.Value] : [otherId.Value, openerId.Value];
        conversation.Parameters.With(id.Value).With(now).With((long)members.Length);
        var membership = new NpgsqlBatchCommand(
            """
            INSERT INTO membership (conversation_id, user_id, role, joined_seq)
            SELECT $1, u, 0, 1 FROM unnest($2) AS u
            ON CONFLICT DO NOTHING
            """);
        membership.Parameters.With(id.Value).With(members);
        var listing = new NpgsqlBatchCommand(
            "INSERT INTO user_conversation (user_id, conversation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        listing.Parameters.With(openerId.Value).With(id.Value);
        batch.BatchCommands.Add(conversation);
        batch.BatchCommands.Add(membership);
        batch.BatchCommands.Add(listing);
        await batch.ExecuteNonQueryAsync(cancel);
        return conversation.RecordsAffected + listing.RecordsAffected > 0;
    }
}
