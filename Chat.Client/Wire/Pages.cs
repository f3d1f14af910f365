using MessagePack;

namespace Chat.Client;

/// <summary>A page of the caller's conversations, newest activity first.</summary>
[MessagePackObject]
public sealed record ConversationPage
{
    /// <summary>The conversations.</summary>
    [Key("conversations")] public IReadOnlyList<Conversation> Conversations { get; init => field = value ?? []; } = [];

    /// <summary>Asks for the next page; absent on the last one.</summary>
    [Key("nextCursor")] public string? NextCursor { get; init; }
}

/// <summary>A page of a conversation's members.</summary>
[MessagePackObject]
public sealed record MemberPage
{
    /// <summary>The members.</summary>
    [Key("members")] public IReadOnlyList<Member> Members { get; init => field = value ?? []; } = [];

    /// <summary>Asks for the next page; absent on the last one.</summary>
    [Key("nextCursor")] public string? NextCursor { get; init; }
}

/// <summary>A page of a conversation's log, ascending by seq.</summary>
[MessagePackObject]
public sealed record HistoryPage
{
    /// <summary>The entries.</summary>
    [Key("messages")] public IReadOnlyList<Message> Messages { get; init => field = value ?? []; } = [];

    /// <summary>What lies in the page's range and is not to be had any more, or not by the caller.</summary>
    [Key("gone")] public IReadOnlyList<GoneRange> Gone { get; init => field = value ?? []; } = [];

    /// <summary>There is more in the direction asked.</summary>
    [Key("hasMore")] public bool HasMore { get; init; }
}

/// <summary>Entries that are not to be had: retention took them, or they lie before the caller's time.</summary>
[MessagePackObject]
public sealed record GoneRange
{
    /// <summary>Set by <c>Resume</c> and by the client's own event; absent in a history page.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>First seq of the range.</summary>
    [Key("fromSeq")] public long FromSeq { get; init; }

    /// <summary>Last seq of the range.</summary>
    [Key("toSeq")] public long ToSeq { get; init; }
}

/// <summary>What a device held and <c>Resume</c> found that it lacks.</summary>
[MessagePackObject]
public sealed record ResumeAnswer
{
    /// <summary>Conversations that were not named, or whose version differs.</summary>
    [Key("conversations")] public IReadOnlyList<Conversation> Conversations { get; init => field = value ?? []; } = [];

    /// <summary>The entries after each seq that was named.</summary>
    [Key("messages")] public IReadOnlyList<Message> Messages { get; init => field = value ?? []; } = [];

    /// <summary>Ranges that are not to be had.</summary>
    [Key("gone")] public IReadOnlyList<GoneRange> Gone { get; init => field = value ?? []; } = [];

    /// <summary>Ids of conversations too far behind: page them with <c>GetHistoryAsync(after)</c>.</summary>
    [Key("truncated")] public IReadOnlyList<string> Truncated { get; init => field = value ?? []; } = [];
}

/// <summary>
/// "Message info": who of those who were to get an entry has got it and read it. The sender is not among them.
/// </summary>
[MessagePackObject]
public sealed record ReceiptList
{
    /// <summary>One per member.</summary>
    [Key("members")] public IReadOnlyList<MemberReceipt> Members { get; init => field = value ?? []; } = [];

    /// <summary>How many have got it.</summary>
    [Key("deliveredCount")] public int DeliveredCount { get; init; }

    /// <summary>How many have read it.</summary>
    [Key("readCount")] public int ReadCount { get; init; }

    /// <summary>How many were to get it.</summary>
    [Key("memberCount")] public int MemberCount { get; init; }
}

/// <summary>How far one member is with one entry.</summary>
[MessagePackObject]
public sealed record MemberReceipt
{
    /// <summary>Who.</summary>
    [Key("userId")] public string UserId { get; init; } = "";

    /// <summary>UTC, to the second: when his watermark first passed it; absent: not yet.</summary>
    [Key("deliveredAt")] public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>UTC, to the second; absent: not yet, or hidden.</summary>
    [Key("readAt")] public DateTimeOffset? ReadAt { get; init; }
}
