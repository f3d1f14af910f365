using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;

namespace Chat.Storage;

/// <summary>A conversation as stored, and where its log ends.</summary>
/// <param name="LastSentAt">Of the entry at <paramref name="LastSeq"/>; null while nothing was said.</param>
internal sealed record ConversationRow(
    ConversationId Id,
    short Kind,
    string? Title,
    string? HistoryVisibility,
    bool? OnlyAdminsSend,
    string? Retention,
    long SettingsVersion,
    DateTimeOffset CreatedAt,
    long LastSeq,
    DateTimeOffset? LastSentAt,
    string? Description,
    string? PictureMediaId,
    int MemberCount)
{
    public const short Direct = 0;
    public const short Group = 1;

    public bool IsDirect => Kind == Direct;

    public GroupSettings? Settings => IsDirect
        ? null
        : new GroupSettings(
            Title,
            Description,
            PictureMediaId,
            HistoryVisibility ?? GroupSettings.FromJoin,
            OnlyAdminsSend ?? false,
            ContentJson.ReadRetention(Retention));
}

/// <param name="JoinedSeq">The entry that let him in, which need not be the first that he may read.</param>
/// <param name="ReadableFrom">The first entry that he may read, once he has left; null: he is a member.</param>
internal sealed record MembershipRow(
    UserId UserId, GroupRole Role, long JoinedSeq, long? LeftSeq, Watermarks Watermarks, long? ReadableFrom)
{
    public MemberState ToState() => new(UserId, Role, Watermarks, JoinedSeq, LeftSeq);
}

/// <summary>A member's own row, for what he reads.</summary>
/// <param name="LeftAt">When the entry was sent by which he left, if that is still there.</param>
/// <param name="LeftView">A stored <see cref="Storage.LeftView"/>; null: he is a member.</param>
internal sealed record ReaderRow(
    MembershipRow Member, DateTimeOffset? MutedUntil, DateTimeOffset? LeftAt, string? LeftView)
{
    /// <summary>As far as he may know of it: once he has left, as it was then.</summary>
    public ConversationRow Sees(ConversationRow now) =>
        Member.LeftSeq is null ? now : Storage.LeftView.Over(now, LeftView);
}

/// <summary>One entry as stored.</summary>
/// <param name="Reacted">There are reaction entries about it.</param>
internal readonly record struct EntryRow(
    long Seq,
    UserId SenderId,
    string? ClientMessageId,
    DateTimeOffset SentAt,
    ContentKind Kind,
    long? TargetSeq,
    string? Content,
    DateTimeOffset? EditedAt,
    bool Reacted)
{
    /// <summary>Reactions are shown on what is still there.</summary>
    public bool ShowsReactions => Reacted && Kind != ContentKind.Deleted;

    public Message ToMessage(ConversationId id, IReadOnlyList<Reaction>? reactions) => new(
        id,
        Seq,
        Kind == ContentKind.System ? null : ClientMessageId,
        SenderId,
        SentAt,
        ContentJson.Read(Kind, Content, TargetSeq),
        EditedAt: Kind == ContentKind.Deleted ? null : EditedAt,
        Reactions: reactions);
}

/// <summary>A reaction entry about another entry.</summary>
/// <param name="Emoji">Null: taken back.</param>
internal readonly record struct ReactionRow(long Seq, UserId UserId, string? Emoji);
