using MessagePack;

namespace Chat.Client;

/// <summary>Argument of <c>CreateInvite</c>.</summary>
[MessagePackObject]
public sealed record CreateInviteRequest
{
    /// <summary>The group.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>Seconds until it is void; absent: it does not expire.</summary>
    [Key("expiresAfterSeconds")] public int? ExpiresAfterSeconds { get; init; }

    /// <summary>How many may join by it; absent: as many as the group takes.</summary>
    [Key("usesMax")] public int? UsesMax { get; init; }
}

/// <summary>Argument of <c>JoinByInvite</c> and <c>RevokeInvite</c>.</summary>
[MessagePackObject]
public sealed record InviteRequest
{
    /// <summary><c>RevokeInvite</c>: the group.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>The invite's code.</summary>
    [Key("code")] public string? Code { get; init; }
}

/// <summary>A way into a group for whoever holds its code.</summary>
[MessagePackObject]
public sealed record Invite
{
    /// <summary>The group.</summary>
    [Key("conversationId")] public string ConversationId { get; init; } = "";

    /// <summary>A secret, told this once: the server keeps only its hash.</summary>
    [Key("code")] public string Code { get; init; } = "";

    /// <summary>UTC.</summary>
    [Key("createdAt")] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC; absent: it does not expire.</summary>
    [Key("expiresAt")] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How many may join by it; absent: as many as the group takes.</summary>
    [Key("usesMax")] public int? UsesMax { get; init; }
}

/// <summary>Argument of <c>SetMuted</c>.</summary>
[MessagePackObject]
public sealed record SetMutedRequest
{
    /// <summary>The conversation.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>For how many seconds from now; absent or 0: not muted any more.</summary>
    [Key("forSeconds")] public int? ForSeconds { get; init; }
}
