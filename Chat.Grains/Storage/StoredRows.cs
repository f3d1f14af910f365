using Chat.Conversations;
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
    DateTimeOffset? LastSentAt)
{
    public const short Direct = 0;

    /// <summary>What lists are ordered by, newest first.</summary>
    public DateTimeOffset ActiveAt => LastSentAt ?? CreatedAt;
}

internal sealed record MembershipRow(
    UserId UserId, short Role, long JoinedSeq, long? LeftSeq, Watermarks Watermarks)
{
    /// <summary>The last entry that this member may read.</summary>
    public long ReadableTo(long lastSeq) => Math.Min(lastSeq, LeftSeq ?? long.MaxValue);
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
        ClientMessageId,
        SenderId,
        SentAt,
        ContentJson.Read(Kind, Content, TargetSeq),
        EditedAt: Kind == ContentKind.Deleted ? null : EditedAt,
        Reactions: reactions);
}

/// <summary>A reaction entry about another entry.</summary>
/// <param name="Emoji">Null: taken back.</param>
internal readonly record struct ReactionRow(long Seq, UserId UserId, string? Emoji);
