using Chat.Groups;
using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>
/// Makes groups, and carries out what entries change in them, within the transaction of those entries.
/// </summary>
internal sealed class SqliteGroupChanges(SqliteKeys keys)
{
    private const string InsertMember =
        """
        INSERT INTO membership (conversation_key, user_key, role, joined_seq, delivered_seq, read_seq)
        VALUES (?1, ?2, ?3, ?4, ?4 - 1, ?4 - 1)
        ON CONFLICT DO UPDATE SET
            role = excluded.role, joined_seq = excluded.joined_seq, left_seq = NULL,
            readable_from = NULL, left_view = NULL,
            delivered_seq = max(delivered_seq, excluded.delivered_seq), read_seq = max(read_seq, excluded.read_seq)
        WHERE left_seq IS NOT NULL
        """;

    /// <param name="firstEntry">The first entry's stored text.</param>
    /// <returns>False: it is there already.</returns>
    public bool Create(SqliteSession session, NewGroup group, string? firstEntry)
    {
        if (keys.Log(session, group.Id) is not null)
            return false;

        UserId[] members = [.. group.MemberIds.Append(group.CreatorId).Distinct()];
        session.Get(
            """
            INSERT INTO conversation (conversation_id, kind, created_at, member_count)
            VALUES (?, ?, ?, ?)
            """)
            .Bind(1, group.Id)
            .Bind(2, ConversationRow.Group)
            .Bind(3, group.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(4, members.Length)
            .Run();
        var log = keys.Log(session, group.Id)!;
        Set(session, log.Key, group.Settings);
        foreach (var member in members)
        {
            var user = keys.User(session, member);
            Join(session, log.Key, user, member == group.CreatorId ? GroupRole.Owner : GroupRole.Member, seq: 1);
        }

        SqliteAppend.InsertFirst(session, log.Key, keys.User(session, group.CreatorId), group, firstEntry);
        log.LastSeq = 1;
        return true;
    }

    public void Apply(SqliteSession session, long conversation, long seq, GroupChange change)
    {
        var count = 0;
        foreach (var user in change.Joined)
            count += Join(session, conversation, keys.User(session, user), GroupRole.Member, seq) ? 1 : 0;
        foreach (var user in change.Left)
            count -= Leave(session, conversation, keys.User(session, user), seq) ? 1 : 0;
        if (change.Role is { } given)
            Give(session, conversation, keys.User(session, given.UserId), given.Role);
        if (change.Settings is { } settings)
            Set(session, conversation, settings);
        if (change.InviteCodeHash is { } hash)
            session.Get("UPDATE group_invite SET uses = uses + 1 WHERE code_hash = ?").BindBlob(1, hash).Run();

        session.Get(
            """
            UPDATE conversation SET settings_version = settings_version + 1, member_count = member_count + ?
            WHERE key = ?
            """)
            .Bind(1, count).Bind(2, conversation).Run();
        foreach (var user in change.Left)
            KeepView(session, conversation, keys.User(session, user), seq);
    }

    /// <returns>False: he is a member already.</returns>
    private static bool Join(SqliteSession session, long conversation, long user, GroupRole role, long seq)
    {
        // A stay that ended is put aside before the new one takes its row.
        session.Get(
            """
            INSERT INTO membership_period (conversation_key, user_key, joined_seq, left_seq)
            SELECT conversation_key, user_key, joined_seq, left_seq FROM membership
            WHERE conversation_key = ? AND user_key = ? AND left_seq IS NOT NULL
            ON CONFLICT DO NOTHING
            """).Bind(1, conversation).Bind(2, user).Run();
        var hasJoined = session.Get(InsertMember)
            .Bind(1, conversation).Bind(2, user).Bind(3, (long)role).Bind(4, seq).Run() > 0;
        SqliteAppend.List(session, user, conversation);
        return hasJoined;
    }

    /// <returns>False: he is no member.</returns>
    private static bool Leave(SqliteSession session, long conversation, long user, long seq) => session.Get(
        """
        UPDATE membership SET left_seq = ?3, role = 0, readable_from = (
            SELECT CASE WHEN history_visibility = 'full' THEN 1 ELSE joined_seq END FROM conversation WHERE key = ?1)
        WHERE conversation_key = ?1 AND user_key = ?2 AND left_seq IS NULL
        """).Bind(1, conversation).Bind(2, user).Bind(3, seq).Run() > 0;

    /// <summary>What holds once he has left: all that he is shown from now on.</summary>
    private static void KeepView(SqliteSession session, long conversation, long user, long seq) => session.Get(
        """
        UPDATE membership SET left_view = (
            SELECT json_object(
                'title', c.title, 'description', c.description, 'pictureMediaId', c.picture_media_id,
                'historyVisibility', c.history_visibility,
                'onlyAdminsSend', json(iif(c.only_admins_send, 'true', 'false')), 'retention', c.retention,
                'settingsVersion', c.settings_version, 'memberCount', c.member_count)
            FROM conversation c WHERE c.key = ?1)
        WHERE conversation_key = ?1 AND user_key = ?2 AND left_seq = ?3
        """).Bind(1, conversation).Bind(2, user).Bind(3, seq).Run();

    private static void Give(SqliteSession session, long conversation, long user, GroupRole role) => session.Get(
        "UPDATE membership SET role = ? WHERE conversation_key = ? AND user_key = ? AND left_seq IS NULL")
        .Bind(1, (long)role).Bind(2, conversation).Bind(3, user).Run();

    private static void Set(SqliteSession session, long conversation, GroupSettings settings) => session.Get(
        """
        UPDATE conversation SET title = ?, description = ?, picture_media_id = ?, history_visibility = ?,
            only_admins_send = ?, retention = ?
        WHERE key = ?
        """)
        .Bind(1, settings.Title)
        .Bind(2, settings.Description)
        .Bind(3, settings.PictureMediaId)
        .Bind(4, settings.HistoryVisibility)
        .Bind(5, settings.OnlyAdminsSend ? 1 : 0)
        .Bind(6, ContentJson.WriteRetention(settings.Retention))
        .Bind(7, conversation)
        .Run();
}
