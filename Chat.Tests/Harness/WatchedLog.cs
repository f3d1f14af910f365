using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Chat.Storage;

namespace Chat.Tests.Harness;

/// <summary>A store's log, and what a test wants to know of its calls.</summary>
internal sealed class WatchedLog(IMessageLog log) : IMessageLog
{
    private int _reconciled;

    /// <summary>Called before a group is made.</summary>
    internal Action<NewGroup> CreatingGroup { get; set; } = _ => { };

    /// <summary>Awaited before entries are appended.</summary>
    internal Func<IReadOnlyList<NewEntry>, Task> Appending { get; set; } = _ => Task.CompletedTask;

    /// <summary>What is answered where client ids were looked for.</summary>
    internal Func<Reconciled, Reconciled> Reconciling { get; set; } = truth => truth;

    /// <summary>How often client ids were looked for.</summary>
    internal int Reconciled => Volatile.Read(ref _reconciled);

    public int LaneCount => log.LaneCount;

    public Task<bool> CreateGroupAsync(NewGroup group, CancellationToken cancel)
    {
        CreatingGroup(group);
        return log.CreateGroupAsync(group, cancel);
    }

    public async Task<Reconciled> ReconcileAsync(
        ConversationId id, IReadOnlyList<(UserId SenderId, string ClientMessageId)> keys, CancellationToken cancel)
    {
        Interlocked.Increment(ref _reconciled);
        return Reconciling(await log.ReconcileAsync(id, keys, cancel));
    }

    public Task<bool> CreateDirectAsync(
        ConversationId id, UserId openerId, UserId otherId, DateTimeOffset now, CancellationToken cancel) =>
        log.CreateDirectAsync(id, openerId, otherId, now, cancel);

    public Task<OpenedConversation?> OpenAsync(ConversationId id, CancellationToken cancel) =>
        log.OpenAsync(id, cancel);

    public async Task<bool> TryAppendAsync(IReadOnlyList<NewEntry> entries, CancellationToken cancel)
    {
        await Appending(entries);
        return await log.TryAppendAsync(entries, cancel);
    }

    public Task RaiseWatermarksAsync(IReadOnlyList<WatermarkStep> steps, CancellationToken cancel) =>
        log.RaiseWatermarksAsync(steps, cancel);

    public Task<FormerMark?> MarkFormerAsync(
        ConversationId id, UserId userId, Watermarks watermarks, CancellationToken cancel) =>
        log.MarkFormerAsync(id, userId, watermarks, cancel);

    public Task<EntryHead?> GetHeadAsync(ConversationId id, long seq, CancellationToken cancel) =>
        log.GetHeadAsync(id, seq, cancel);

    public Task<IReadOnlyList<MemberReceipt>> GetReceiptsAsync(
        ConversationId id, long seq, CancellationToken cancel) => log.GetReceiptsAsync(id, seq, cancel);
}
