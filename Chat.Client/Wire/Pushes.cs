using MessagePack;

namespace Chat.Client;

/// <summary>A member's watermarks rose. Cumulative; the server may coalesce several into one.</summary>
[MessagePackObject]
public sealed record ReceiptAdvanced
{
    /// <summary>The conversation.</summary>
    [Key("conversationId")] public string ConversationId { get; init; } = "";

    /// <summary>Whose watermarks.</summary>
    [Key("userId")] public string UserId { get; init; } = "";

    /// <summary>He has got all up to here.</summary>
    [Key("deliveredSeq")] public long DeliveredSeq { get; init; }

    /// <summary>He has read all up to here; absent where he hides it.</summary>
    [Key("readSeq")] public long? ReadSeq { get; init; }

    /// <summary>UTC.</summary>
    [Key("at")] public DateTimeOffset At { get; init; }
}

/// <summary>
/// How far the members of a large group are with one entry of the receiver's. The server coalesces: at most one a
/// second and conversation, in steps. <c>GetReceipts</c> is exact.
/// </summary>
[MessagePackObject]
public sealed record ReceiptCounts
{
    /// <summary>The group.</summary>
    [Key("conversationId")] public string ConversationId { get; init; } = "";

    /// <summary>The entry, and with it what its author wrote before.</summary>
    [Key("seq")] public long Seq { get; init; }

    /// <summary>How many have got it.</summary>
    [Key("deliveredCount")] public int DeliveredCount { get; init; }

    /// <summary>How many have read it.</summary>
    [Key("readCount")] public int ReadCount { get; init; }

    /// <summary>How many were to get it.</summary>
    [Key("memberCount")] public int MemberCount { get; init; }
}

/// <summary>Whether somebody is online, as far as his privacy allows.</summary>
[MessagePackObject]
public sealed record Presence
{
    /// <summary>Who.</summary>
    [Key("userId")] public string UserId { get; init; } = "";

    /// <summary>Connected, and active in the last minute.</summary>
    [Key("online")] public bool Online { get; init; }

    /// <summary>UTC; absent where hidden or unknown.</summary>
    [Key("lastSeen")] public DateTimeOffset? LastSeen { get; init; }
}

/// <summary>Somebody began or ended typing; a typing state ends by itself after 6 s.</summary>
[MessagePackObject]
public sealed record TypingChanged
{
    /// <summary>Where.</summary>
    [Key("conversationId")] public string ConversationId { get; init; } = "";

    /// <summary>Who.</summary>
    [Key("userId")] public string UserId { get; init; } = "";

    /// <summary>Began or ended.</summary>
    [Key("typing")] public bool Typing { get; init; }
}

/// <summary>
/// Pushes were dropped on the way. <see cref="ChatConnection"/> resumes by itself when it keeps the log.
/// </summary>
[MessagePackObject]
public sealed record ResyncRequired
{
    /// <summary>Of which conversation; absent: any.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }
}

/// <summary>The gateway is going away. <see cref="ChatConnection"/> moves to the next address by itself.</summary>
[MessagePackObject]
public sealed record Draining
{
    /// <summary>Milliseconds after which to reconnect elsewhere.</summary>
    [Key("reconnectAfterMs")] public int ReconnectAfterMs { get; init; }
}
