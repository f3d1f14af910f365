using Chat.Ids;
using MessagePack;

namespace Chat.Conversations;

/// <summary>One entry of a conversation's log, as every member reads it.</summary>
/// <param name="ClientMessageId">The sender's own id of it; a system entry has none.</param>
/// <param name="SentAt">UTC, to the millisecond: when the conversation gave it its place.</param>
[GenerateSerializer, Immutable, Alias("chat.message")]
public sealed record Message(
    [property: Id(0)] ConversationId ConversationId,
    [property: Id(1)] long Seq,
    [property: Id(2)] string? ClientMessageId,
    [property: Id(3)] UserId SenderId,
    [property: Id(4)] DateTimeOffset SentAt,
    [property: Id(5)] Content Content,
    [property: Id(6)] DateTimeOffset? ExpiresAt = null,
    [property: Id(7)] DateTimeOffset? EditedAt = null,
    [property: Id(8)] IReadOnlyList<Reaction>? Reactions = null)
{
    public string MessageId => ConversationId.MessageId(Seq);

    // Orleans prints what a call carries: nothing that a user wrote.
    public override string ToString() => $"{nameof(Message)} {ConversationId} {Seq}";
}

/// <summary>One emoji on a message, and who gave it.</summary>
[GenerateSerializer, Immutable, Alias("chat.reaction"), MessagePackObject]
public sealed record Reaction(
    [property: Id(0), Key("emoji")] string Emoji,
    [property: Id(1), Key("userIds")] IReadOnlyList<UserId> UserIds)
{
    // Orleans prints what a call carries: nothing that a user wrote.
    public override string ToString() => nameof(Reaction);
}

/// <summary>
/// Entries that are not to be had: before the reader's time, or taken away by retention. Both ends count.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.gone-range"), MessagePackObject]
public sealed record GoneRange(
    [property: Id(0), Key("fromSeq")] long FromSeq,
    [property: Id(1), Key("toSeq")] long ToSeq);
