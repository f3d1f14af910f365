using MessagePack;

namespace Chat.Client;

/// <summary>Argument of <c>Send</c>.</summary>
[MessagePackObject]
public sealed record SendRequest
{
    /// <summary>Where to.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>The caller's id of it, 1–64 printable ASCII characters; a UUIDv7 is best.</summary>
    [Key("clientMessageId")] public string? ClientMessageId { get; init; }

    /// <summary>What to say.</summary>
    [Key("content")] public Content? Content { get; init; }
}

/// <summary>Argument of <c>MarkDelivered</c>, <c>MarkRead</c> and <c>GetReceipts</c>.</summary>
[MessagePackObject]
public sealed record PlaceRequest
{
    /// <summary>The conversation.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>The place in its log.</summary>
    [Key("seq")] public long Seq { get; init; }
}

/// <summary>Argument of <c>GetHistory</c>: at most one of the three places; none asks for the newest page.</summary>
[MessagePackObject]
public sealed record HistoryRequest
{
    /// <summary>The conversation.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>Entries before this seq.</summary>
    [Key("before")] public long? Before { get; init; }

    /// <summary>Entries after this seq.</summary>
    [Key("after")] public long? After { get; init; }

    /// <summary>Entries on both sides of this seq.</summary>
    [Key("around")] public long? Around { get; init; }

    /// <summary>Entries at most; 50 unless told.</summary>
    [Key("limit")] public int? Limit { get; init; }
}

/// <summary>Argument of <c>Resume</c>: what the device holds.</summary>
[MessagePackObject]
public sealed record ResumeRequest
{
    /// <summary>One per conversation held.</summary>
    [Key("conversations")] public IReadOnlyList<HeldConversation> Conversations { get; init; } = [];
}

/// <summary>How much of one conversation a device holds.</summary>
[MessagePackObject]
public sealed record HeldConversation
{
    /// <summary>The conversation.</summary>
    [Key("conversationId")] public string ConversationId { get; init; } = "";

    /// <summary>Everything up to here.</summary>
    [Key("seq")] public long Seq { get; init; }

    /// <summary>The version that it last saw, if any.</summary>
    [Key("version")] public string? Version { get; init; }
}

/// <summary>Argument of <c>GetConversations</c> and <c>GetMembers</c>.</summary>
[MessagePackObject]
public sealed record PageRequest
{
    /// <summary><c>GetMembers</c>: the conversation.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>Where the last page ended.</summary>
    [Key("cursor")] public string? Cursor { get; init; }

    /// <summary>Items at most.</summary>
    [Key("limit")] public int? Limit { get; init; }
}

/// <summary>Argument of <c>OpenDirect</c>, <c>Block</c> and <c>Unblock</c>.</summary>
[MessagePackObject]
public sealed record UserRequest
{
    /// <summary>Who.</summary>
    [Key("userId")] public string? UserId { get; init; }
}

/// <summary>Argument of <c>Watch</c> and <c>Unwatch</c>.</summary>
[MessagePackObject]
public sealed record UsersRequest
{
    /// <summary>Who.</summary>
    [Key("userIds")] public IReadOnlyList<string> UserIds { get; init; } = [];
}

/// <summary>Argument of <c>Leave</c>.</summary>
[MessagePackObject]
public sealed record ConversationRequest
{
    /// <summary>The conversation.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }
}

/// <summary>Argument of <c>SetTyping</c>.</summary>
[MessagePackObject]
public sealed record TypingRequest
{
    /// <summary>Where.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>Began or ended.</summary>
    [Key("typing")] public bool Typing { get; init; }
}
