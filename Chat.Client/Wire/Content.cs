using MessagePack;

namespace Chat.Client;

/// <summary>
/// What an entry of the log says. One flat shape: which fields are there follows from <see cref="Kind"/>. Make one with
/// <see cref="OfText"/>, <see cref="OfImage"/>, <see cref="OfEdit"/>, <see cref="OfDelete"/> or <see
/// cref="OfReaction"/>.
/// </summary>
[MessagePackObject]
public sealed record Content
{
    /// <summary>
    /// One of <see cref="ContentKinds"/>; a newer server may send others, which a client shows as unknown.
    /// </summary>
    [Key("kind")] public string Kind { get; init; } = "";

    /// <summary>The text, a picture's caption or an edit's new text; at most <see cref="Limits.TextBytes"/>.</summary>
    [Key("text")] public string? Text { get; init; }

    /// <summary>The seq of the entry that a text answers.</summary>
    [Key("replyTo")] public long? ReplyTo { get; init; }

    /// <summary>
    /// The seq of the entry that an edit, a delete or a reaction is about; of a deleted entry: it was an edit of that.
    /// </summary>
    [Key("targetSeq")] public long? TargetSeq { get; init; }

    /// <summary>A reaction; absent takes the sender's back.</summary>
    [Key("emoji")] public string? Emoji { get; init; }

    /// <summary>The picture of an <c>image</c>.</summary>
    [Key("media")] public Media? Media { get; init; }

    /// <summary>System entries: what happened; one of <see cref="SystemEvents"/>.</summary>
    [Key("event")] public string? Event { get; init; }

    /// <summary>System entries: who did it.</summary>
    [Key("actorId")] public string? ActorId { get; init; }

    /// <summary>System entries: to whom.</summary>
    [Key("userIds")] public IReadOnlyList<string>? UserIds { get; init; }

    /// <summary>System entries: the group's new title.</summary>
    [Key("title")] public string? Title { get; init; }

    /// <summary>System entries: the new role of <see cref="UserIds"/>.</summary>
    [Key("role")] public string? Role { get; init; }

    /// <summary>System entries: what of the past members may read now.</summary>
    [Key("historyVisibility")] public string? HistoryVisibility { get; init; }

    /// <summary>System entries: whether only admins send now.</summary>
    [Key("onlyAdminsSend")] public bool? OnlyAdminsSend { get; init; }

    /// <summary>System entries: the new policy.</summary>
    [Key("retention")] public Retention? Retention { get; init; }

    /// <summary>A text, which may answer the entry <paramref name="replyTo"/>.</summary>
    public static Content OfText(string text, long? replyTo = null) =>
        new() { Kind = ContentKinds.Text, Text = text, ReplyTo = replyTo };

    /// <summary>An uploaded picture with an optional caption. Not served yet, and <c>invalid</c>.</summary>
    public static Content OfImage(Media media, string? caption = null) =>
        new() { Kind = ContentKinds.Image, Media = media, Text = caption };

    /// <summary>A new text for one's own entry <paramref name="targetSeq"/>.</summary>
    public static Content OfEdit(long targetSeq, string text) =>
        new() { Kind = ContentKinds.Edit, TargetSeq = targetSeq, Text = text };

    /// <summary>Takes the entry <paramref name="targetSeq"/> away for everyone.</summary>
    public static Content OfDelete(long targetSeq) => new() { Kind = ContentKinds.Delete, TargetSeq = targetSeq };

    /// <summary>A reaction to <paramref name="targetSeq"/>; without an emoji, one's reaction is taken back.</summary>
    public static Content OfReaction(long targetSeq, string? emoji) =>
        new() { Kind = ContentKinds.Reaction, TargetSeq = targetSeq, Emoji = emoji };
}

/// <summary>The values of <see cref="Content.Kind"/>.</summary>
public static class ContentKinds
{
    /// <summary><see cref="Content.Text"/>, <see cref="Content.ReplyTo"/>?</summary>
    public const string Text = "text";

    /// <summary><see cref="Content.Media"/>, <see cref="Content.Text"/>? as caption.</summary>
    public const string Image = "image";

    /// <summary><see cref="Content.TargetSeq"/>, <see cref="Content.Text"/>.</summary>
    public const string Edit = "edit";

    /// <summary><see cref="Content.TargetSeq"/>: gone for everyone.</summary>
    public const string Delete = "delete";

    /// <summary><see cref="Content.TargetSeq"/>, <see cref="Content.Emoji"/>?</summary>
    public const string Reaction = "reaction";

    /// <summary>
    /// What a deleted entry, and every edit of it, is served as; an edit with its <see cref="Content.TargetSeq"/>.
    /// </summary>
    public const string Deleted = "deleted";

    /// <summary>
    /// Written by the server alone: <see cref="Content.Event"/>, <see cref="Content.ActorId"/> and more.
    /// </summary>
    public const string System = "system";
}
