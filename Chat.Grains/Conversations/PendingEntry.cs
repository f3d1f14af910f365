using Chat.Groups;
using Chat.Ids;
using Chat.Storage;

namespace Chat.Conversations;

/// <summary>How an append ended.</summary>
internal enum AppendEnd
{
    Appended,
    Duplicate,

    /// <summary>The outcome is unknown, or another writer took over: the conversation has to be opened anew.</summary>
    Unknown,

    /// <summary>The store refuses this very entry.</summary>
    Rejected,

    /// <summary>The lane was full; nothing was tried.</summary>
    Busy,
}

internal readonly record struct AppendResult(AppendEnd End, long Seq, DateTimeOffset SentAt);

/// <summary>An entry on its way through a log lane: the lane gives it its place and completes it once.</summary>
internal sealed class PendingEntry(
    LogCursor cursor,
    UserId senderId,
    string clientMessageId,
    DateTimeOffset sentAt,
    Content content,
    IReadOnlyList<UserId>? listFor,
    GroupChange? change = null)
{
    private readonly TaskCompletionSource<AppendResult> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LogCursor Cursor => cursor;
    public UserId SenderId => senderId;
    public ContentKind Kind => content.Kind;
    public (UserId, string) Key => (senderId, clientMessageId);
    public DateTimeOffset SentAt => sentAt;

    /// <summary>
    /// Its place; 0: none yet. A plain property, though the lane writes it and the conversation reads it: that reads
    /// <see cref="LogCursor.LastSeq"/> first. A place is given out above the end of the log as it is then, and is there
    /// for whoever sees an end that has reached it; so one that is not seen, or given anew, is above the end that was
    /// read.
    /// </summary>
    public long Seq { get; set; }

    public Task<AppendResult> Ended => _ended.Task;

    /// <summary>
    /// Its end, in a turn behind those of all entries that ended before it. One that has ended before anybody waits
    /// would otherwise go on at once, ahead of those, and be pushed ahead of them.
    /// </summary>
    public async Task<AppendResult> EndInTurnAsync()
    {
        if (Ended.IsCompleted) await Task.Yield();
        return await Ended;
    }

    public NewEntry ToNewEntry() =>
        new(cursor.Id, cursor.Epoch, Seq, senderId, clientMessageId, sentAt, content, listFor, change);

    public void End(AppendEnd end) => End(end, Seq, sentAt);

    public void End(AppendEnd end, long seq, DateTimeOffset at) => _ended.TrySetResult(new AppendResult(end, seq, at));
}
