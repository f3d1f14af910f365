using Chat.Ids;
using MessagePack;

namespace Chat.Conversations;

/// <summary>One send on its way into the log.</summary>
/// <param name="Origin">The connection that sent it, which is not told of its own message; 0: none (REST).</param>
[GenerateSerializer, Immutable, Alias("chat.send-command")]
public sealed record SendCommand(
    [property: Id(0)] UserId SenderId,
    [property: Id(1)] string ClientMessageId,
    [property: Id(2)] Content Content,
    [property: Id(3)] long Origin)
{
    // Orleans prints what a call carries: nothing that a user wrote.
    public override string ToString() => $"{nameof(SendCommand)} of {SenderId}";
}

/// <summary>Where a message stands in the log. Answered only once it is durable.</summary>
/// <param name="Duplicate">The id was known: this is the first answer again.</param>
[GenerateSerializer, Immutable, Alias("chat.sent")]
public readonly record struct Sent(
    [property: Id(0)] long Seq,
    [property: Id(1)] DateTimeOffset SentAt,
    [property: Id(2)] bool Duplicate);

/// <summary>Answer of <c>Send</c> on the wire.</summary>
[MessagePackObject]
public sealed record SendAnswer(
    [property: Key("conversationId")] ConversationId ConversationId,
    [property: Key("seq")] long Seq,
    [property: Key("messageId")] string MessageId,
    [property: Key("sentAt")] DateTimeOffset SentAt,
    [property: Key("duplicate")] bool Duplicate);
