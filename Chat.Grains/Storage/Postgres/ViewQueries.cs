using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>What a reader is shown of conversations is made of these.</summary>
/// <param name="Members">Of those with few members; absent: of the others.</param>
/// <param name="Readers">The rows of those who asked; absent: he is no member.</param>
/// <param name="Hidden">Of those members and readers.</param>
internal sealed record StoredViews(
    Dictionary<ConversationId, ConversationRow> Conversations,
    Dictionary<ConversationId, List<MembershipRow>> Members,
    Dictionary<(ConversationId, UserId), ReaderRow> Readers,
    HiddenReading Hidden);

/// <summary>What users list, and conversations with their members.</summary>
internal static class ViewQueries
{
    private const string Listed = "SELECT user_id, conversation_id FROM user_conversation WHERE user_id = ANY ($1)";

    /// <summary>What <see cref="ReadConversation"/> expects.</summary>
    public const string SelectConversation =
        """
        SELECT c.conversation_id, c.kind, c.title, c.history_visibility, c.only_admins_send, c.retention,
            c.settings_version, c.created_at, l.seq, l.sent_at, c.description, c.picture_media_id, c.member_count
        FROM conversation c
        LEFT JOIN LATERAL (
            SELECT m.seq, m.sent_at FROM message m WHERE m.conversation_id = c.conversation_id
            ORDER BY m.seq DESC LIMIT 1) l ON true
        """;

    /// <summary>What <see cref="ReadMember"/> expects, in its order.</summary>
    public const string MemberColumns =
        "m.user_id, m.role, m.joined_seq, m.left_seq, m.delivered_seq, m.read_seq, m.readable_from";

    public const int MemberColumnCount = 7;

    /// <summary>
    /// The row of the user who asks (<c>r</c>). By a limit, which the planner does not take apart: joined plainly it
    /// may read all members of the conversation and throw all but one away.
    /// </summary>
    public const string OwnMembership =
        """
        SELECT * FROM membership x
        WHERE x.conversation_id = r.conversation_id AND x.user_id = r.user_id LIMIT 1
        """;

    private const string Conversations = $"{SelectConversation} WHERE c.conversation_id = ANY ($1)";

    /// <summary>Of a large group only the reader's own row is read, whatever its size.</summary>
    private const string Members =
        $"""
        SELECT c.conversation_id, {MemberColumns}
        FROM conversation c
        JOIN membership m ON m.conversation_id = c.conversation_id AND m.left_seq IS NULL
        WHERE c.conversation_id = ANY ($1) AND c.member_count <= $2
        """;

    private const string Readers =
        $"""
        SELECT r.conversation_id, {MemberColumns}, m.muted_until, l.sent_at, m.left_view
        FROM unnest($1, $2) AS r (conversation_id, user_id)
        CROSS JOIN LATERAL ({OwnMembership}) m
        LEFT JOIN message l ON l.conversation_id = m.conversation_id AND l.seq = m.left_seq
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

    /// <param name="pairs">Who asks about what.</param>
    public static async Task<StoredViews> ReadViewsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(ConversationId Id, UserId User)> pairs,
        CancellationToken cancel)
    {
        var views = new StoredViews([], [], [], HiddenReading.None);
        if (pairs.Count == 0)
            return views;
        await ReadRowsAsync(connection, pairs, views, cancel);
        HashSet<UserId> shown = [.. views.Members.Values.SelectMany(members => members).Select(m => m.UserId)];
        if (shown.Count == 0)
            return views;
        shown.UnionWith(pairs.Select(pair => pair.User));
        return views with { Hidden = await HiddenReadingQuery.ReadAsync(connection, shown, cancel) };
    }

    private static async Task ReadRowsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(ConversationId Id, UserId User)> pairs,
        StoredViews views,
        CancellationToken cancel)
    {
        await using var batch = Batch(connection, pairs);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var row = ReadConversation(reader);
            views.Conversations.Add(row.Id, row);
        }
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var id = new ConversationId(reader.GetGuid(0));
            if (!views.Members.TryGetValue(id, out var members))
                views.Members.Add(id, members = []);
            members.Add(ReadMember(reader, 1));
        }
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var member = ReadMember(reader, 1);
            var next = 1 + MemberColumnCount;
            views.Readers[(new ConversationId(reader.GetGuid(0)), member.UserId)] =
                new ReaderRow(
                    member, reader.TimeOrNull(next), reader.TimeOrNull(next + 1), reader.TextOrNull(next + 2));
        }
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<(ConversationId Id, UserId User)> pairs)
    {
        Guid[] ids = [.. pairs.Select(pair => pair.Id.Value).Distinct()];
        var conversations = new NpgsqlBatchCommand(Conversations);
        conversations.Parameters.With(ids);
        var members = new NpgsqlBatchCommand(Members);
        members.Parameters.With(ids).With((long)Conversation.MembersShownMax);
        var readers = new NpgsqlBatchCommand(Readers);
        readers.Parameters
            .With([.. pairs.Select(pair => pair.Id.Value)])
            .With([.. pairs.Select(pair => pair.User.Value)]);
        var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(conversations);
        batch.BatchCommands.Add(members);
        batch.BatchCommands.Add(readers);
        return batch;
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

    /// <param name="first">The column of the first of <see cref="MemberColumns"/>.</param>
    public static MembershipRow ReadMember(NpgsqlDataReader reader, int first) => new(
        new UserId(reader.GetGuid(first)),
        (GroupRole)reader.GetInt16(first + 1),
        reader.GetInt64(first + 2),
        reader.NumberOrNull(first + 3),
        new Watermarks(reader.GetInt64(first + 4), reader.GetInt64(first + 5)),
        reader.NumberOrNull(first + 6));

    public static ConversationRow ReadConversation(NpgsqlDataReader reader) => new(
        new ConversationId(reader.GetGuid(0)),
        reader.GetInt16(1),
        reader.TextOrNull(2),
        reader.TextOrNull(3),
        reader.IsDBNull(4) ? null : reader.GetBoolean(4),
        reader.TextOrNull(5),
        reader.GetInt64(6),
        reader.GetFieldValue<DateTimeOffset>(7),
        reader.NumberOrNull(8) ?? 0,
        reader.TimeOrNull(9),
        reader.TextOrNull(10),
        reader.TextOrNull(11),
        reader.GetInt32(12));
}
