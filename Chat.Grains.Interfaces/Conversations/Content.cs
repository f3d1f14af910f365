using Chat.Groups;
using Chat.Ids;
using MessagePack;

namespace Chat.Conversations;

/// <summary>What an entry of the log is. The numbers are stored: append, never renumber.</summary>
public enum ContentKind : short
{
    Text = 0,
    Image = 1,
    Edit = 2,
    Delete = 3,
    Reaction = 4,
    Deleted = 5,
    System = 6,
}

/// <summary>
/// What a user (or, for <see cref="ContentKind.System"/>, the server) put into the log. One flat shape: which of the
/// fields are there follows from <see cref="Kind"/>, as the contract lists them.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.content")]
public sealed record Content
{
    public static readonly Content Deleted = new() { Kind = ContentKind.Deleted };

    /// <summary>What a deleted entry is served as.</summary>
    /// <param name="targetSeq">For an edit: the entry that it was about. Null for the entry itself.</param>
    public static Content DeletedOf(long? targetSeq) =>
        targetSeq is null ? Deleted : Deleted with { TargetSeq = targetSeq };

    [Id(0)] public required ContentKind Kind { get; init; }

    /// <summary>The text, a picture's caption, or an edit's new text.</summary>
    [Id(1)] public string? Text { get; init; }

    /// <summary>The entry that a text answers.</summary>
    [Id(2)] public long? ReplyTo { get; init; }

    /// <summary>The entry that an edit (deleted or not), a delete or a reaction is about.</summary>
    [Id(3)] public long? TargetSeq { get; init; }

    /// <summary>A reaction; absent: the sender takes his back.</summary>
    [Id(4)] public string? Emoji { get; init; }

    [Id(5)] public Media? Media { get; init; }
    [Id(6)] public string? Event { get; init; }
    [Id(7)] public UserId? ActorId { get; init; }
    [Id(8)] public UserId[]? UserIds { get; init; }
    [Id(9)] public string? Title { get; init; }
    [Id(10)] public Retention? Retention { get; init; }

    /// <summary>System entries: the role that was given.</summary>
    [Id(11)] public GroupRole? Role { get; init; }

    [Id(12)] public string? HistoryVisibility { get; init; }
    [Id(13)] public bool? OnlyAdminsSend { get; init; }

    // Orleans prints what a call carries: nothing that a user wrote.
    public override string ToString() => $"{nameof(Content)} of kind {Kind}";
}

/// <summary>A stored picture, by reference.</summary>
[GenerateSerializer, Immutable, Alias("chat.media"), MessagePackObject]
public sealed record Media(
    [property: Id(0), Key("mediaId")] string MediaId,
    [property: Id(1), Key("contentType")] string ContentType,
    [property: Id(2), Key("width")] int Width,
    [property: Id(3), Key("height")] int Height,
    [property: Id(4), Key("byteLength")] long ByteLength,
    [property: Id(5), Key("thumbHash")] string ThumbHash)
{
    // Orleans prints what a call carries: nothing that a user wrote.
    public override string ToString() => $"{nameof(Media)} of {ByteLength} bytes";
}

/// <summary>How long a conversation's messages are kept.</summary>
/// <param name="Mode"><c>permanent</c>, <c>disappearing</c> or <c>untilDelivered</c>.</param>
/// <param name="AfterSeconds">For <c>disappearing</c>: seconds from sending to vanishing.</param>
[GenerateSerializer, Immutable, Alias("chat.retention"), MessagePackObject]
public sealed record Retention(
    [property: Id(0), Key("mode")] string Mode,
    [property: Id(1), Key("afterSeconds")] int? AfterSeconds = null)
{
    public static readonly Retention Permanent = new("permanent");

    // Orleans prints what a call carries: nothing that a user wrote.
    public override string ToString() => nameof(Retention);
}
