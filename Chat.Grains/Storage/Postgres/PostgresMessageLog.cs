using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>
/// The log on PostgreSQL. Appending is one statement, whatever the number of entries and conversations; what entries do
/// to others travels in the same implicit transaction. Two writers of one conversation meet in the primary key of
/// <c>message</c>: the second is refused, and its epoch tells it why.
/// </summary>
internal sealed class PostgresMessageLog(NpgsqlDataSource database) : IMessageLog
{
    /// <summary>Two commits under way keep the disk busy; more only make smaller batches.</summary>
    public int LaneCount => 2;

    public Task<bool> CreateDirectAsync(
        ConversationId id, UserId openerId, UserId otherId, DateTimeOffset now, CancellationToken cancel) =>
        DirectCreation.CreateAsync(database, id, openerId, otherId, now, cancel);

    public Task<bool> CreateGroupAsync(NewGroup group, CancellationToken cancel) =>
        GroupCreation.CreateAsync(database, group, cancel);

    public Task<OpenedConversation?> OpenAsync(ConversationId id, CancellationToken cancel) =>
        ConversationOpening.OpenAsync(database, id, cancel);

    public async Task<bool> TryAppendAsync(IReadOnlyList<NewEntry> entries, CancellationToken cancel)
    {
        try
        {
            return entries.Any(EntryEffects.Has)
                ? await AppendWithEffectsAsync(entries, cancel)
                : await AppendPlainAsync(entries, cancel);
        }
        catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Nothing is lost: the statement wrote nothing, and the caller reconciles.
            return false;
        }
    }

    public Task<Reconciled> ReconcileAsync(
        ConversationId id, IReadOnlyList<(UserId SenderId, string ClientMessageId)> keys, CancellationToken cancel) =>
        Reconciliation.ReconcileAsync(database, id, keys, cancel);

    public Task RaiseWatermarksAsync(IReadOnlyList<WatermarkStep> steps, CancellationToken cancel) =>
        WatermarkSteps.RaiseAsync(database, steps, cancel);

    public Task<FormerMark?> MarkFormerAsync(
        ConversationId id, UserId userId, Watermarks watermarks, CancellationToken cancel) =>
        FormerMarks.RaiseAsync(database, id, userId, watermarks, cancel);

    public Task<IReadOnlyList<MemberReceipt>> GetReceiptsAsync(
        ConversationId id, long seq, CancellationToken cancel) =>
        WatermarkSteps.ReadReceiptsAsync(database, id, seq, cancel);

    public async Task<EntryHead?> GetHeadAsync(ConversationId id, long seq, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT sender_id, kind FROM message WHERE conversation_id = $1 AND seq = $2");
        command.Parameters.With(id.Value).With(seq);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new EntryHead(seq, new UserId(reader.GetGuid(0)), (ContentKind)reader.GetInt16(1))
            : null;
    }

    private async Task<bool> AppendPlainAsync(IReadOnlyList<NewEntry> entries, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(EntryInsert.SqlFor(entries));
        command.CommandTimeout = PostgresStore.AppendTimeoutSeconds;
        EntryInsert.Bind(command.Parameters, entries);
        return await command.ExecuteNonQueryAsync(cancel) == entries.Count;
    }

    private async Task<bool> AppendWithEffectsAsync(IReadOnlyList<NewEntry> entries, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var editedContents = await EntryEffects.ReadEditedContentsAsync(connection, entries, cancel);
        await using var batch = new NpgsqlBatch(connection) { Timeout = PostgresStore.AppendTimeoutSeconds };
        GroupChanges.AddLocksTo(batch, entries);
        var insert = new NpgsqlBatchCommand(EntryInsert.SqlFor(entries));
        EntryInsert.Bind(insert.Parameters, entries);
        batch.BatchCommands.Add(insert);
        EntryEffects.AddTo(batch, entries, editedContents);
        await batch.ExecuteNonQueryAsync(cancel);
        return insert.RecordsAffected == entries.Count;
    }
}
