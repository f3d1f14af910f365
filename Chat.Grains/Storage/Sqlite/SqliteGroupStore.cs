using Chat.Groups;
using Chat.Ids;

namespace Chat.Storage.Sqlite;

internal sealed class SqliteGroupStore(SqliteDatabase database) : IGroupStore
{
    public Task AddInviteAsync(Invite invite, CancellationToken cancel) =>
        database.WriteAsync(session => Add(session, invite), cancel);

    public Task<Invite?> FindInviteAsync(byte[] codeHash, CancellationToken cancel) =>
        database.ReadAsync(session => Find(session, codeHash), cancel);

    public Task<bool> RevokeInviteAsync(
        ConversationId conversationId, byte[] codeHash, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.Get(
                """
                UPDATE group_invite SET revoked_at = ?
                WHERE code_hash = ? AND revoked_at IS NULL
                    AND conversation_key = (SELECT key FROM conversation WHERE conversation_id = ?)
                """)
                .Bind(1, now.ToUnixTimeMilliseconds()).BindBlob(2, codeHash).Bind(3, conversationId).Run() > 0,
            cancel);

    public Task<bool> MuteAsync(
        UserId userId, ConversationId conversationId, DateTimeOffset? until, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.Get(
                """
                UPDATE membership SET muted_until = ?
                WHERE conversation_key = (SELECT key FROM conversation WHERE conversation_id = ?)
                    AND user_key = (SELECT key FROM user_key WHERE user_id = ?) AND left_seq IS NULL
                """)
                .Bind(1, until?.ToUnixTimeMilliseconds()).Bind(2, conversationId).Bind(3, userId).Run() > 0,
            cancel);

    private bool Add(SqliteSession session, Invite invite)
    {
        if (database.Keys.Log(session, invite.ConversationId) is not { } log)
            throw new InvalidOperationException("An invite needs a conversation that is stored.");
        return session.Get(
            """
            INSERT INTO group_invite (code_hash, conversation_key, created_by, created_at, expires_at, uses_max)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """)
            .BindBlob(1, invite.CodeHash)
            .Bind(2, log.Key)
            .Bind(3, database.Keys.User(session, invite.CreatedBy))
            .Bind(4, invite.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(5, invite.ExpiresAt?.ToUnixTimeMilliseconds())
            .Bind(6, (long?)invite.UsesMax)
            .Run() > 0;
    }

    private static Invite? Find(SqliteSession session, byte[] codeHash)
    {
        var row = session.Get(
            """
            SELECT c.conversation_id, u.user_id, i.created_at, i.expires_at, i.uses_max, i.revoked_at, i.uses
            FROM group_invite i
            CROSS JOIN conversation c ON c.key = i.conversation_key
            CROSS JOIN user_key u ON u.key = i.created_by
            WHERE i.code_hash = ?
            """).BindBlob(1, codeHash);
        if (!row.Step())
            return null;
        var invite = new Invite(
            codeHash,
            row.Conversation(0),
            row.User(1),
            row.Time(2),
            row.NullableTime(3),
            (int?)row.NullableLong(4),
            row.NullableTime(5),
            (int)row.Long(6));
        row.Reset();
        return invite;
    }
}
