using MessagePack;

namespace Chat.Client;

/// <summary>
/// Where a message stands in the log. The server answers only once it is durable: the <i>sent</i> tick.
/// </summary>
[MessagePackObject]
public sealed record SendAnswer
{
    /// <summary>The conversation.</summary>
    [Key("conversationId")] public string ConversationId { get; init; } = "";

    /// <summary>Place in the log.</summary>
    [Key("seq")] public long Seq { get; init; }

    /// <summary>The server's id of it.</summary>
    [Key("messageId")] public string MessageId { get; init; } = "";

    /// <summary>UTC: when it got its place.</summary>
    [Key("sentAt")] public DateTimeOffset SentAt { get; init; }

    /// <summary>UTC: when retention takes it away, where the server says so.</summary>
    [Key("expiresAt")] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The client message id was known: this is the first answer again.</summary>
    [Key("duplicate")] public bool Duplicate { get; init; }
}

/// <summary>How far the caller is after a mark: cut off at the end of the log, never moved back.</summary>
[MessagePackObject]
public sealed record Watermarks
{
    /// <summary>Delivered up to here.</summary>
    [Key("deliveredSeq")] public long DeliveredSeq { get; init; }

    /// <summary>Read up to here.</summary>
    [Key("readSeq")] public long ReadSeq { get; init; }
}

/// <summary>Answer of <c>Watch</c>: the state of each user watched.</summary>
[MessagePackObject]
public sealed record PresenceList
{
    /// <summary>One per user; an unknown id looks like somebody who hides.</summary>
    [Key("presence")] public IReadOnlyList<Presence> Presence { get; init => field = value ?? []; } = [];
}

/// <summary>The caller's privacy settings; reciprocal.</summary>
[MessagePackObject]
public sealed record Privacy
{
    /// <summary>
    /// Who sees <i>last seen</i> and <i>online</i>: <c>everyone</c>, <c>contacts</c> or <c>nobody</c>.
    /// </summary>
    [Key("lastSeen")] public string? LastSeen { get; init; }

    /// <summary>Whether read receipts are shown.</summary>
    [Key("readReceipts")] public bool? ReadReceipts { get; init; }
}

/// <summary>The answer <c>{}</c>, and the question <c>{}</c>.</summary>
[MessagePackObject]
public sealed record Nothing
{
    /// <summary>The one value.</summary>
    public static readonly Nothing Value = new();
}
