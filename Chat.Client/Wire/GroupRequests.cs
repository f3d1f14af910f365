using MessagePack;

namespace Chat.Client;

/// <summary>Argument of <c>CreateGroup</c>.</summary>
[MessagePackObject]
public sealed record CreateGroupRequest
{
    /// <summary>The title.</summary>
    [Key("title")] public string? Title { get; init; }

    /// <summary>The founders beside the caller; duplicates and the caller are passed over.</summary>
    [Key("memberIds")] public IReadOnlyList<string> MemberIds { get; init; } = [];

    /// <summary><c>fromJoin</c> (default) or <c>full</c>.</summary>
    [Key("historyVisibility")] public string? HistoryVisibility { get; init; }

    /// <summary>A description; none unless told.</summary>
    [Key("description")] public string? Description { get; init; }

    /// <summary>Only admins and owners may send; everybody unless told.</summary>
    [Key("onlyAdminsSend")] public bool? OnlyAdminsSend { get; init; }

    /// <summary>
    /// How long messages are kept; permanent unless told. Anything else is not served yet, and <c>invalid</c>.
    /// </summary>
    [Key("retention")] public Retention? Retention { get; init; }
}

/// <summary>Argument of <c>AddMembers</c>.</summary>
[MessagePackObject]
public sealed record AddMembersRequest
{
    /// <summary>The group.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>Who joins.</summary>
    [Key("userIds")] public IReadOnlyList<string> UserIds { get; init; } = [];
}

/// <summary>Argument of <c>RemoveMember</c> and <c>SetRole</c>.</summary>
[MessagePackObject]
public sealed record MemberRequest
{
    /// <summary>The group.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>Who.</summary>
    [Key("userId")] public string? UserId { get; init; }

    /// <summary><c>SetRole</c>: one of <see cref="Roles"/>.</summary>
    [Key("role")] public string? Role { get; init; }
}

/// <summary>Argument of <c>UpdateGroup</c>: absent fields stay as they are.</summary>
[MessagePackObject]
public sealed record UpdateGroupRequest
{
    /// <summary>The group.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>New title.</summary>
    [Key("title")] public string? Title { get; init; }

    /// <summary>New description; empty: none any more.</summary>
    [Key("description")] public string? Description { get; init; }

    /// <summary>New picture, uploaded before; empty: none any more.</summary>
    [Key("pictureMediaId")] public string? PictureMediaId { get; init; }

    /// <summary><c>fromJoin</c> or <c>full</c>.</summary>
    [Key("historyVisibility")] public string? HistoryVisibility { get; init; }

    /// <summary>Only admins and owners may send.</summary>
    [Key("onlyAdminsSend")] public bool? OnlyAdminsSend { get; init; }
}

/// <summary>Argument of <c>SetRetention</c>.</summary>
[MessagePackObject]
public sealed record SetRetentionRequest
{
    /// <summary>The conversation.</summary>
    [Key("conversationId")] public string? ConversationId { get; init; }

    /// <summary>Holds for what is sent from now on.</summary>
    [Key("retention")] public Retention? Retention { get; init; }
}
