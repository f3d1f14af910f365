using MessagePack;

namespace Chat.Client;

/// <summary>One entry of a conversation's log. Order by <see cref="Seq"/>; it is the same for every member.</summary>
[MessagePackObject]
public sealed record Message
{
    /// <summary>The conversation whose log this is in.</summary>
    [Key("conversationId")] public string ConversationId { get; init; } = "";

    /// <summary>Place in the log: from 1, contiguous.</summary>
    [Key("seq")] public long Seq { get; init; }

    /// <summary>Opaque id, unique over all conversations.</summary>
    [Key("messageId")] public string MessageId { get; init; } = "";

    /// <summary>The sender's own id of it; a system entry has none.</summary>
    [Key("clientMessageId")] public string? ClientMessageId { get; init; }

    /// <summary>Who wrote it; of a system entry, its actor.</summary>
    [Key("senderId")] public string SenderId { get; init; } = "";

    /// <summary>UTC: when it got its place.</summary>
    [Key("sentAt")] public DateTimeOffset SentAt { get; init; }

    /// <summary>What it says.</summary>
    [Key("content")] public Content Content { get; init; } = new();

    /// <summary>UTC: when retention takes it away; absent where it stays.</summary>
    [Key("expiresAt")] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>UTC: when it was last edited; <see cref="Content"/> is the newest text.</summary>
    [Key("editedAt")] public DateTimeOffset? EditedAt { get; init; }

    /// <summary>Who reacted how, where anybody did.</summary>
    [Key("reactions")] public IReadOnlyList<Reaction>? Reactions { get; init; }
}

/// <summary>One emoji on an entry, and who gave it.</summary>
[MessagePackObject]
public sealed record Reaction
{
    /// <summary>The emoji.</summary>
    [Key("emoji")] public string Emoji { get; init; } = "";

    /// <summary>Who gave it.</summary>
    [Key("userIds")] public IReadOnlyList<string> UserIds { get; init => field = value ?? []; } = [];
}
