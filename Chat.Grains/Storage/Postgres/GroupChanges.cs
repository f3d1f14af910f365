using Chat.Groups;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>
/// What entries change in groups, as commands around their insert in one implicit transaction.
/// <para><b>Invariant.</b> The rows change if and only if the entry was written: the conversation's row is locked
/// before the insert looks at the epoch, so no other writer can come between entry and change.</para>
/// </summary>
internal static class GroupChanges
{
    private const string Lock =
        """
        SELECT 1 FROM conversation WHERE conversation_id = ANY ($1) ORDER BY conversation_id FOR NO KEY UPDATE
        """;

    /// <summary>One row where the entry is this writer's.</summary>
    private const string Writer =
        """
        SELECT c.history_visibility FROM conversation c
        WHERE c.conversation_id = $1 AND c.epoch = $3
            AND EXISTS (SELECT 1 FROM message e WHERE e.conversation_id = $1 AND e.seq = $2)
        """;

    /// <summary>
    /// The parts see the rows as they were before: a stay that ended is put aside before the new one takes its row.
    /// </summary>
    private const string Apply =
        $"""
        WITH writer AS MATERIALIZED ({Writer}),
        kept AS (
            INSERT INTO membership_period (conversation_id, user_id, joined_seq, left_seq)
            SELECT m.conversation_id, m.user_id, m.joined_seq, m.left_seq
            FROM writer, membership m
            WHERE m.conversation_id = $1 AND m.user_id = ANY ($4) AND m.left_seq IS NOT NULL
            ON CONFLICT DO NOTHING),
        joined AS (
            INSERT INTO membership AS m
                (conversation_id, user_id, role, joined_seq, delivered_seq, read_seq)
            SELECT $1, u, 0, $2, $2 - 1, $2 - 1 FROM writer, unnest($4) AS u
            ON CONFLICT (conversation_id, user_id) DO UPDATE SET
                role = 0, joined_seq = excluded.joined_seq, left_seq = NULL, readable_from = NULL, left_view = NULL,
                delivered_seq = greatest(m.delivered_seq, excluded.delivered_seq),
                read_seq = greatest(m.read_seq, excluded.read_seq)
            WHERE m.left_seq IS NOT NULL
            RETURNING 1),
        gone AS (
            UPDATE membership m SET left_seq = $2, role = 0,
                readable_from = CASE WHEN w.history_visibility = 'full' THEN 1 ELSE m.joined_seq END
            FROM writer w
            WHERE m.conversation_id = $1 AND m.user_id = ANY ($5) AND m.left_seq IS NULL
            RETURNING 1),
        ruled AS (
            UPDATE membership m SET role = $7
            FROM writer w
            WHERE m.conversation_id = $1 AND m.user_id = $6 AND m.left_seq IS NULL)
        UPDATE conversation c SET
            settings_version = c.settings_version + 1,
            member_count = c.member_count + (SELECT count(*) FROM joined) - (SELECT count(*) FROM gone),
            title = CASE WHEN $8 THEN $9 ELSE c.title END,
            description = CASE WHEN $8 THEN $10 ELSE c.description END,
            picture_media_id = CASE WHEN $8 THEN $11 ELSE c.picture_media_id END,
            history_visibility = CASE WHEN $8 THEN $12 ELSE c.history_visibility END,
            only_admins_send = CASE WHEN $8 THEN $13 ELSE c.only_admins_send END,
            retention = CASE WHEN $8 THEN $14 ELSE c.retention END
        FROM writer
        WHERE c.conversation_id = $1
        """;

    /// <summary>
    /// What holds once they have left, to stand behind <see cref="Apply"/>: all that they are shown from now on.
    /// </summary>
    private const string KeepView =
        $"""
        UPDATE membership m SET left_view = json_build_object(
            'title', c.title, 'description', c.description, 'pictureMediaId', c.picture_media_id,
            'historyVisibility', c.history_visibility, 'onlyAdminsSend', c.only_admins_send, 'retention', c.retention,
            'settingsVersion', c.settings_version, 'memberCount', c.member_count)::text
        FROM conversation c
        WHERE c.conversation_id = $1 AND EXISTS ({Writer})
            AND m.conversation_id = $1 AND m.user_id = ANY ($4) AND m.left_seq = $2
        """;

    private const string List =
        $"""
        INSERT INTO user_conversation (user_id, conversation_id)
        SELECT u, $1 FROM unnest($4) AS u WHERE EXISTS ({Writer})
        ON CONFLICT DO NOTHING
        """;

    private const string CountUse =
        $"UPDATE group_invite SET uses = uses + 1 WHERE code_hash = $4 AND EXISTS ({Writer})";

    /// <summary>To stand before the insert.</summary>
    public static void AddLocksTo(NpgsqlBatch batch, IReadOnlyList<NewEntry> entries)
    {
        Guid[] changing = [.. entries
            .Where(entry => entry.Change is not null).Select(entry => entry.ConversationId.Value).Distinct()];
        if (changing.Length == 0)
            return;
        var command = new NpgsqlBatchCommand(Lock);
        command.Parameters.With(changing);
        batch.BatchCommands.Add(command);
    }

    /// <summary>
    /// To stand behind the insert. Rows are taken in one order, so that no two batches wait in a circle.
    /// </summary>
    public static void AddTo(NpgsqlBatch batch, IReadOnlyList<NewEntry> entries)
    {
        foreach (var entry in entries
            .Where(entry => entry.Change is not null)
            .OrderBy(entry => entry.ConversationId.Value)
            .ThenBy(entry => entry.Seq))
        {
            Add(batch, entry, entry.Change!);
        }
    }

    private static void Add(NpgsqlBatch batch, NewEntry entry, GroupChange change)
    {
        Guid[] joined = [.. change.Joined.Distinct().Order().Select(user => user.Value)];
        Guid[] left = [.. change.Left.Select(user => user.Value)];
        var apply = For(Apply, entry);
        apply.Parameters.With(joined).With(left)
            .With(change.Role?.UserId.Value)
            .With((short)(change.Role?.Role ?? GroupRole.Member))
            .With(change.Settings is not null)
            .With(change.Settings);
        batch.BatchCommands.Add(apply);
        if (left.Length > 0)
        {
            var keep = For(KeepView, entry);
            keep.Parameters.With(left);
            batch.BatchCommands.Add(keep);
        }
        if (joined.Length > 0)
        {
            var list = For(List, entry);
            list.Parameters.With(joined);
            batch.BatchCommands.Add(list);
        }
        if (change.InviteCodeHash is { } hash)
        {
            var use = For(CountUse, entry);
            use.Parameters.With(hash);
            batch.BatchCommands.Add(use);
        }
    }

    private static NpgsqlBatchCommand For(string sql, NewEntry entry)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.With(entry.ConversationId.Value).With(entry.Seq).With(entry.Epoch);
        return command;
    }
}
