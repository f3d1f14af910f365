using Chat.Ids;

namespace Chat.Conversations;

/// <summary>
/// Where one conversation's log stands for its writer. Made at activation with a freshly raised epoch; from then on
/// only the conversation's log lane moves it.
/// </summary>
internal sealed class LogCursor(ConversationId id, long epoch, long lastSeq)
{
    private long _lastSeq = lastSeq;

    public ConversationId Id => id;
    public long Epoch => epoch;

    /// <summary>The last committed place.</summary>
    public long LastSeq
    {
        get => Volatile.Read(ref _lastSeq);
        set => Volatile.Write(ref _lastSeq, value);
    }

    /// <summary>The last place given out in the batch that is being made.</summary>
    public long AssignedSeq { get; set; } = lastSeq;

    /// <summary>
    /// Another writer took over, or the end of the log is in doubt: nothing is appended through this any more.
    /// </summary>
    public bool IsClosed { get; set; }
}
