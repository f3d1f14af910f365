namespace Chat.Client;

/// <summary>
/// What of one conversation is to be marked, and what the server has confirmed. Guarded by <see cref="MarkSender"/>'s
/// lock.
/// </summary>
internal sealed class ConversationMarks(string conversationId)
{
    public string ConversationId => conversationId;

    /// <summary>The last entry of others that the device holds.</summary>
    public long DeliveredWanted { get; set; }

    /// <summary>Marked on the present link, or known to be durable.</summary>
    public long DeliveredMarked { get; set; }

    /// <summary>What the app has marked as read.</summary>
    public long ReadWanted { get; set; }

    /// <summary>Marked on the present link, or known to be durable.</summary>
    public long ReadMarked { get; set; }

    /// <summary>Durable, as a conversation read from the store says.</summary>
    public long DeliveredConfirmed { get; set; }

    /// <summary>Durable, as a conversation read from the store says.</summary>
    public long ReadConfirmed { get; set; }

    /// <summary>Among those that are marked again after a connect.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Waiting for a lane, or in one.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The read mark comes first: it implies the delivered one.</summary>
    public (string Method, long Seq)? Next =>
        ReadWanted > ReadMarked ? (HubMethods.MarkRead, ReadWanted)
        : DeliveredWanted > Math.Max(DeliveredMarked, ReadMarked) ? (HubMethods.MarkDelivered, DeliveredWanted)
        : null;

    public void Marked(string method, long seq)
    {
        if (method == HubMethods.MarkRead) ReadMarked = Math.Max(ReadMarked, seq);
        else DeliveredMarked = Math.Max(DeliveredMarked, seq);
    }

    /// <summary>A new link: what the gateway before it had not made durable may be lost with it.</summary>
    public void Forget() => (DeliveredMarked, ReadMarked) = (DeliveredConfirmed, ReadConfirmed);
}
