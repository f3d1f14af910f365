using Chat.Groups;
using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

internal sealed class PostgresGroupStore(NpgsqlDataSource database) : IGroupStore
{
    public async Task AddInviteAsync(Invite invite, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO group_invite (code_hash, conversation_id, created_by, created_at, expires_at, uses_max)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT DO NOTHING
            """);
        command.Parameters.With(invite.CodeHash).With(invite.ConversationId.Value).With(invite.CreatedBy.Value)
            .With(invite.CreatedAt).With(invite.ExpiresAt).With((long?)invite.UsesMax);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<Invite?> FindInviteAsync(byte[] codeHash, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT conversation_id, created_by, created_at, expires_at, uses_max, revoked_at, uses
            FROM group_invite WHERE code_hash = $1
            """);
        command.Parameters.With(codeHash);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new Invite(
                codeHash,
                new ConversationId(reader.GetGuid(0)),
                new UserId(reader.GetGuid(1)),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.TimeOrNull(3),
                reader.IsDBNull(4) ? null : reader.GetInt32(4),
                reader.TimeOrNull(5),
                reader.GetInt32(6))
            : null;
    }

    public async Task<bool> RevokeInviteAsync(
        ConversationId conversationId, byte[] codeHash, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE group_invite SET revoked_at = $3
            WHERE code_hash = $1 AND conversation_id = $2 AND revoked_at IS NULL
            """);
        command.Parameters.With(codeHash).With(conversationId.Value).With(now);
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }

    public async Task<bool> MuteAsync(
        UserId userId, ConversationId conversationId, DateTimeOffset? until, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE membership SET muted_until = $3
            WHERE conversation_id = $1 AND user_id = $2 AND left_seq IS NULL
            """);
        command.Parameters.With(conversationId.Value).With(userId.Value).With(until);
        return await command.ExecuteNonQueryAsync(cancel) > 0;
    }
}
