using MessagePack;

namespace Chat.Client;

/// <summary>A conversation as the caller sees it.</summary>
[MessagePackObject]
public sealed record Conversation
{
    /// <summary>Opaque id.</summary>
    [Key("conversationId")] public string ConversationId { get; init; } = "";

    /// <summary><c>direct</c> or <c>group</c>.</summary>
    [Key("kind")] public string Kind { get; init; } = "";

    /// <summary>A group's title.</summary>
    [Key("title")] public string? Title { get; init; }

    /// <summary>A group's description.</summary>
    [Key("description")] public string? Description { get; init; }

    /// <summary>A group's picture.</summary>
    [Key("pictureMediaId")] public string? PictureMediaId { get; init; }

    /// <summary>How many members it has.</summary>
    [Key("memberCount")] public int MemberCount { get; init; }

    /// <summary>All members, up to 256; beyond that absent: page with <c>GetMembersAsync</c>.</summary>
    [Key("members")] public IReadOnlyList<Member>? Members { get; init; }

    /// <summary>The newest entry's seq; 0: nothing was said.</summary>
    [Key("lastSeq")] public long LastSeq { get; init; }

    /// <summary>The newest entry that the caller may read.</summary>
    [Key("lastMessage")] public Message? LastMessage { get; init; }

    /// <summary>Opaque; changes with anything that this member sees.</summary>
    [Key("version")] public string Version { get; init; } = "";

    /// <summary>Texts and pictures of others after <see cref="ReadSeq"/> that are still there.</summary>
    [Key("unread")] public long Unread { get; init; }

    /// <summary>The caller has read up to here.</summary>
    [Key("readSeq")] public long ReadSeq { get; init; }

    /// <summary>One of the caller's devices has got all up to here.</summary>
    [Key("deliveredSeq")] public long DeliveredSeq { get; init; }

    /// <summary>How long messages are kept.</summary>
    [Key("retention")] public Retention Retention { get; init => field = value ?? Retention.Permanent; }
        = Retention.Permanent;

    /// <summary>Groups: <c>fromJoin</c> or <c>full</c>, what new members may read.</summary>
    [Key("historyVisibility")] public string? HistoryVisibility { get; init; }

    /// <summary>Groups: only admins and owners may send.</summary>
    [Key("onlyAdminsSend")] public bool? OnlyAdminsSend { get; init; }

    /// <summary>The first entry that the caller may read.</summary>
    [Key("joinedSeq")] public long JoinedSeq { get; init; }

    /// <summary>The last entry that the caller may read, once he has left.</summary>
    [Key("leftSeq")] public long? LeftSeq { get; init; }

    /// <summary>Groups: the caller's own, one of <see cref="Roles"/>.</summary>
    [Key("role")] public string? Role { get; init; }

    /// <summary>UTC: until when the caller wants no notification; seen by himself alone.</summary>
    [Key("mutedUntil")] public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>The newest entry that the caller may read: <see cref="LastSeq"/>, or <see cref="LeftSeq"/>.</summary>
    [IgnoreMember]
    [System.Text.Json.Serialization.JsonIgnore]
    public long ReadableSeq => LeftSeq is { } left ? Math.Min(left, LastSeq) : LastSeq;
}

/// <summary>A member as the caller sees him.</summary>
[MessagePackObject]
public sealed record Member
{
    /// <summary>Who.</summary>
    [Key("userId")] public string UserId { get; init; } = "";

    /// <summary>One of <see cref="Roles"/>.</summary>
    [Key("role")] public string Role { get; init; } = "";

    /// <summary>One of his devices has got all up to here; 0 across a block.</summary>
    [Key("deliveredSeq")] public long DeliveredSeq { get; init; }

    /// <summary>He has read up to here; absent where he hides it from the caller.</summary>
    [Key("readSeq")] public long? ReadSeq { get; init; }
}

/// <summary>How long a conversation's messages are kept.</summary>
[MessagePackObject]
public sealed record Retention
{
    /// <summary>Kept until deleted.</summary>
    public static readonly Retention Permanent = new() { Mode = "permanent" };

    /// <summary>Gone once every member has it.</summary>
    public static readonly Retention UntilDelivered = new() { Mode = "untilDelivered" };

    /// <summary><c>permanent</c>, <c>disappearing</c> or <c>untilDelivered</c>.</summary>
    [Key("mode")] public string Mode { get; init; } = "";

    /// <summary>With <c>disappearing</c>: seconds from sending to vanishing.</summary>
    [Key("afterSeconds")] public int? AfterSeconds { get; init; }

    /// <summary>Gone <paramref name="after"/> it was sent, in whole seconds.</summary>
    public static Retention Disappearing(TimeSpan after) =>
        new() { Mode = "disappearing", AfterSeconds = (int)after.TotalSeconds };
}
