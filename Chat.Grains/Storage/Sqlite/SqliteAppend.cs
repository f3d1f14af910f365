using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>
/// Appends entries and carries out what they do to others. A conversation of which an entry is refused gets none of the
/// call's; the others get theirs.
/// </summary>
internal sealed class SqliteAppend(SqliteKeys keys)
{
    private const string InsertEntry =
        """
        INSERT INTO message
            (conversation_key, seq, sender_key, client_message_id, sent_at, kind, target_seq, content)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private readonly SqliteGroupChanges _changes = new(keys);

    /// <param name="contents">The entries' stored texts.</param>
    /// <returns>False: not all of them are in.</returns>
    public bool Run(SqliteSession session, IReadOnlyList<NewEntry> entries, string?[] contents)
    {
        // All decisions before the first write: undoing half a conversation would take a savepoint, which costs a copy
        // of every page that the batch touches.
        var refused = Refused(session, entries);
        for (var i = 0; i < entries.Count; i++)
        {
            if (refused is null || !refused.Contains(entries[i].ConversationId))
                Append(session, entries[i], contents[i]);
        }

        return refused is null;
    }

    /// <returns>Null: none.</returns>
    private HashSet<ConversationId>? Refused(SqliteSession session, IReadOnlyList<NewEntry> entries)
    {
        HashSet<ConversationId>? refused = null;
        var lastSeqs = new Dictionary<ConversationId, long>(entries.Count);
        var clientIds = new HashSet<(ConversationId, UserId, string)>(entries.Count);
        foreach (var entry in entries)
        {
            var id = entry.ConversationId;
            var log = keys.Log(session, id);
            var isNext = log?.Epoch == entry.Epoch && lastSeqs.GetValueOrDefault(id, log.LastSeq) + 1 == entry.Seq;
            var isNew = isNext && (entry.ClientMessageId is not { } clientId
                || (clientIds.Add((id, entry.SenderId, clientId)) && !IsKnown(session, log!.Key, entry)));
            if (isNew)
                lastSeqs[id] = entry.Seq;
            else
                (refused ??= []).Add(id);
        }

        return refused;
    }

    private bool IsKnown(SqliteSession session, long conversation, NewEntry entry) => session.Get(
        "SELECT 1 FROM message WHERE client_message_id = ? AND conversation_key = ? AND sender_key = ?")
        .Bind(1, entry.ClientMessageId).Bind(2, conversation).Bind(3, keys.User(session, entry.SenderId))
        .Scalar() is not null;

    /// <returns>True where it was not listed yet.</returns>
    public static bool List(SqliteSession session, long user, long conversation) => session.Get(
        "INSERT INTO user_conversation (user_key, conversation_key) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .Bind(1, user).Bind(2, conversation).Run() > 0;

    private void Append(SqliteSession session, NewEntry entry, string? content)
    {
        var log = keys.Log(session, entry.ConversationId)!;
        var sender = keys.User(session, entry.SenderId);
        var kind = entry.Content.Kind;
        if (kind == ContentKind.Edit && !TryEdit(session, log.Key, sender, entry))
        {
            // Its target was deleted meanwhile, and with it every edit: this one's text is not to be kept either.
            (kind, content) = (ContentKind.Deleted, null);
        }

        Insert(session, log.Key, sender, entry, kind, content);
        log.LastSeq = entry.Seq;
        if (entry.Content.TargetSeq is { } target)
            Affect(session, log.Key, kind, target);

        foreach (var user in entry.ListFor ?? [])
            List(session, keys.User(session, user), log.Key);
        if (entry.Change is { } change)
            _changes.Apply(session, log.Key, entry.Seq, change);
    }

    /// <summary>A new group's first entry.</summary>
    public static void InsertFirst(
        SqliteSession session, long conversation, long creator, NewGroup group, string? content) =>
        session.Get(InsertEntry)
            .Bind(1, conversation)
            .Bind(2, 1L)
            .Bind(3, creator)
            .BindNull(4)
            .Bind(5, group.CreatedAt.ToUnixTimeMilliseconds())
            .Bind(6, (long)group.FirstEntry.Kind)
            .BindNull(7)
            .Bind(8, content)
            .Run();

    private static void Insert(
        SqliteSession session,
        long conversation,
        long sender,
        NewEntry entry,
        ContentKind kind,
        string? content)
        => session.Get(InsertEntry)
            .Bind(1, conversation)
            .Bind(2, entry.Seq)
            .Bind(3, sender)
            .Bind(4, entry.ClientMessageId)
            .Bind(5, entry.SentAt.ToUnixTimeMilliseconds())
            .Bind(6, (long)kind)
            .Bind(7, entry.Content.TargetSeq)
            .Bind(8, content)
            .Run();

    private static void Affect(SqliteSession session, long conversation, ContentKind kind, long target)
    {
        switch (kind)
        {
            case ContentKind.Delete:
                Erase(session, conversation, target);
                break;
            case ContentKind.Reaction:
                session.Get(
                    """
                    UPDATE message SET reacted = 1
                    WHERE conversation_key = ? AND seq = ? AND reacted = 0 AND kind <> 5
                    """).Bind(1, conversation).Bind(2, target).Run();
                break;
        }
    }

    /// <summary>Kinds 0, 1, 2 and 5: text, image, edit, deleted.</summary>
    private static void Erase(SqliteSession session, long conversation, long target)
    {
        session.MarkErased();
        session.Get(
            """
            UPDATE message SET kind = 5, content = NULL, edited_at = NULL, reacted = 0
            WHERE conversation_key = ? AND seq = ? AND kind IN (0, 1)
            """).Bind(1, conversation).Bind(2, target).Run();
        session.Get(
            """
            UPDATE message SET kind = 5, content = NULL
            WHERE conversation_key = ? AND target_seq = ? AND kind = 2
            """).Bind(1, conversation).Bind(2, target).Run();
    }

    /// <summary>Rewrites the target where that is a text or picture of the same sender.</summary>
    /// <returns>False: the target is deleted.</returns>
    private static bool TryEdit(SqliteSession session, long conversation, long sender, NewEntry edit)
    {
        var row = session.Get("SELECT kind, sender_key, content FROM message WHERE conversation_key = ? AND seq = ?")
            .Bind(1, conversation).Bind(2, edit.Content.TargetSeq);
        if (!row.Step())
            return true;

        var (kind, author, content) = ((ContentKind)row.Long(0), row.Long(1), row.Text(2));
        row.Reset();
        if (kind is ContentKind.Text or ContentKind.Image && author == sender)
        {
            session.MarkErased();
            session.Get("UPDATE message SET content = ?, edited_at = ? WHERE conversation_key = ? AND seq = ?")
                .Bind(1, ContentJson.WithText(content, edit.Content.Text))
                .Bind(2, edit.SentAt.ToUnixTimeMilliseconds())
                .Bind(3, conversation)
                .Bind(4, edit.Content.TargetSeq)
                .Run();
        }

        return kind != ContentKind.Deleted;
    }
}
