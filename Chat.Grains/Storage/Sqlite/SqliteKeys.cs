using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>
/// What the writer knows of ids and logs without asking the file: inside, rows carry small integer keys, since random
/// 16-byte keys make a row four times as dear. True because this process is the file's only writer.
/// </summary>
/// <remarks>
/// Used by the writer's thread alone. Bounded: a full table starts again empty. Forgotten whenever something was rolled
/// back.
/// </remarks>
internal sealed class SqliteKeys
{
    // About 10 MB when full.
    private const int EntriesMax = 65_536;

    private readonly Dictionary<UserId, long> _users = [];
    private readonly Dictionary<ConversationId, ConversationLog> _logs = [];

    /// <summary>The key of a user, made where it is his first.</summary>
    public long User(SqliteSession session, UserId id)
    {
        if (_users.TryGetValue(id, out var key))
            return key;

        key = FindUser(session, id)
            ?? session.Get("INSERT INTO user_key (user_id) VALUES (?) RETURNING key").Bind(1, id).Scalar()!.Value;
        Add(_users, id, key);
        return key;
    }

    /// <returns>Null: there is no such conversation.</returns>
    public ConversationLog? Log(SqliteSession session, ConversationId id)
    {
        if (_logs.TryGetValue(id, out var known))
            return known;

        var row = session.Get(
            """
            SELECT key, epoch, (SELECT coalesce(max(seq), 0) FROM message WHERE conversation_key = key)
            FROM conversation WHERE conversation_id = ?
            """).Bind(1, id);
        if (!row.Step())
            return null;

        var log = new ConversationLog(row.Long(0)) { Epoch = row.Long(1), LastSeq = row.Long(2) };
        row.Reset();
        Add(_logs, id, log);
        return log;
    }

    public void Forget()
    {
        _users.Clear();
        _logs.Clear();
    }

    private static long? FindUser(SqliteSession session, UserId id) =>
        session.Get("SELECT key FROM user_key WHERE user_id = ?").Bind(1, id).Scalar();

    private static void Add<TId, TValue>(Dictionary<TId, TValue> table, TId id, TValue value)
        where TId : notnull
    {
        if (table.Count == EntriesMax)
            table.Clear();

        table.Add(id, value);
    }
}

/// <summary>Where one conversation's log stands, as the writer has written it.</summary>
internal sealed class ConversationLog(long key)
{
    public long Key { get; } = key;

    public required long Epoch { get; set; }

    public required long LastSeq { get; set; }
}
