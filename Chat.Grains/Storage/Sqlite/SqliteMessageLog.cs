using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;

namespace Chat.Storage.Sqlite;

/// <summary>
/// The log of all conversations in one SQLite file. What is asked about a log's end waits behind its writes.
/// </summary>
internal sealed class SqliteMessageLog(SqliteDatabase database) : IMessageLog
{
    private readonly SqliteAppend _append = new(database.Keys);
    private readonly SqliteGroupChanges _groups = new(database.Keys);
    private readonly SqliteWatermarks _watermarks = new(database.Keys);

    /// <summary>One batch queues while the other is committed.</summary>
    public int LaneCount => 2;

    public Task<bool> CreateDirectAsync(
        ConversationId id, UserId openerId, UserId otherId, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(session => CreateDirect(session, id, openerId, otherId, now), cancel);

    public Task<bool> CreateGroupAsync(NewGroup group, CancellationToken cancel)
    {
        var firstEntry = ContentJson.Write(group.FirstEntry);
        return database.WriteAsync(session => _groups.Create(session, group, firstEntry), cancel);
    }

    public Task<OpenedConversation?> OpenAsync(ConversationId id, CancellationToken cancel) =>
        database.WriteAsync(session => Open(session, id), cancel);

    public Task<bool> TryAppendAsync(IReadOnlyList<NewEntry> entries, CancellationToken cancel)
    {
        // Here and not on the writer's thread, which all conversations share.
        var contents = new string?[entries.Count];
        for (var i = 0; i < contents.Length; i++)
        {
            contents[i] = ContentJson.Write(entries[i].Content);
        }

        return database.WriteInTurnAsync(session => _append.Run(session, entries, contents), cancel);
    }

    public Task<Reconciled> ReconcileAsync(
        ConversationId id, IReadOnlyList<(UserId SenderId, string ClientMessageId)> keys, CancellationToken cancel) =>
        database.WriteInTurnAsync(session => Reconcile(session, id, keys), cancel);

    public Task RaiseWatermarksAsync(IReadOnlyList<WatermarkStep> steps, CancellationToken cancel) =>
        database.WriteInTurnAsync(session => _watermarks.Raise(session, steps), cancel);

    public Task<FormerMark?> MarkFormerAsync(
        ConversationId id, UserId userId, Watermarks watermarks, CancellationToken cancel) =>
        database.WriteAsync(session => SqliteWatermarks.MarkFormer(session, id, userId, watermarks), cancel);

    public Task<EntryHead?> GetHeadAsync(ConversationId id, long seq, CancellationToken cancel) =>
        database.ReadAsync(session => GetHead(session, id, seq), cancel);

    public Task<IReadOnlyList<MemberReceipt>> GetReceiptsAsync(
        ConversationId id, long seq, CancellationToken cancel) =>
        database.ReadAsync(session => SqliteWatermarks.GetReceipts(session, id, seq), cancel);

    private bool CreateDirect(
        SqliteSession session, ConversationId id, UserId openerId, UserId otherId, DateTimeOffset now)
    {
        var made = session.Get(
            """
            INSERT INTO conversation (conversation_id, kind, created_at, member_count) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
            .Bind(1, id)
            .Bind(2, ConversationRow.Direct)
            .Bind(3, now.ToUnixTimeMilliseconds())
            .Bind(4, openerId == otherId ? 1 : 2)
            .Run() > 0;
        var log = database.Keys.Log(session, id)!;
        var opener = database.Keys.User(session, openerId);
        AddMember(session, log.Key, opener);
        AddMember(session, log.Key, database.Keys.User(session, otherId));
        return SqliteAppend.List(session, opener, log.Key) || made;
    }

    private static void AddMember(SqliteSession session, long conversation, long user) => session.Get(
        """
        INSERT INTO membership (conversation_key, user_key, role, joined_seq) VALUES (?, ?, 0, 1)
        ON CONFLICT DO NOTHING
        """).Bind(1, conversation).Bind(2, user).Run();

    private OpenedConversation? Open(SqliteSession session, ConversationId id)
    {
        if (database.Keys.Log(session, id) is not { } log)
            return null;

        session.Get("UPDATE conversation SET epoch = epoch + 1 WHERE key = ?").Bind(1, log.Key).Run();
        log.Epoch++;
        var row = session.Get(SqliteRows.SelectConversation + " WHERE c.key = ?").Bind(1, log.Key);
        row.Step();
        var (_, conversation) = SqliteRows.Conversation(row);
        row.Reset();
        return new OpenedConversation(
            log.Epoch,
            log.LastSeq,
            StoredNames.ConversationKind(conversation.Kind),
            SqliteRows.Members(session, log.Key).ConvertAll(member => member.ToState()),
            conversation.Kind == ConversationRow.Direct ? UnlistedFor(session, log.Key) : [],
            conversation.Settings,
            conversation.SettingsVersion);
    }

    private static List<UserId> UnlistedFor(SqliteSession session, long conversation)
    {
        var row = session.Get(
            """
            SELECT u.user_id FROM membership m CROSS JOIN user_key u ON u.key = m.user_key
            WHERE m.conversation_key = ?1 AND NOT EXISTS (
                SELECT 1 FROM user_conversation c WHERE c.user_key = m.user_key AND c.conversation_key = ?1)
            """).Bind(1, conversation);
        var users = new List<UserId>();
        while (row.Step())
            users.Add(row.User(0));

        return users;
    }

    private Reconciled Reconcile(
        SqliteSession session, ConversationId id, IReadOnlyList<(UserId SenderId, string ClientMessageId)> keys)
    {
        if (database.Keys.Log(session, id) is not { } log)
            return new Reconciled(0, 0, new FoundEntry?[keys.Count]);

        var found = new FoundEntry?[keys.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var row = session.Get(
                """
                SELECT seq, sent_at FROM message
                WHERE client_message_id = ? AND conversation_key = ? AND sender_key = ?
                """)
                .Bind(1, keys[i].ClientMessageId)
                .Bind(2, log.Key)
                .Bind(3, database.Keys.User(session, keys[i].SenderId));
            if (row.Step())
            {
                found[i] = new FoundEntry(row.Long(0), row.Time(1));
                row.Reset();
            }
        }

        return new Reconciled(log.Epoch, log.LastSeq, found);
    }

    private static EntryHead? GetHead(SqliteSession session, ConversationId id, long seq)
    {
        var row = session.Get(
            """
            SELECT u.user_id, m.kind
            FROM conversation c
            CROSS JOIN message m ON m.conversation_key = c.key AND m.seq = ?2
            CROSS JOIN user_key u ON u.key = m.sender_key
            WHERE c.conversation_id = ?1
            """).Bind(1, id).Bind(2, seq);
        if (!row.Step())
            return null;

        var head = new EntryHead(seq, row.User(0), (ContentKind)row.Long(1));
        row.Reset();
        return head;
    }
}
