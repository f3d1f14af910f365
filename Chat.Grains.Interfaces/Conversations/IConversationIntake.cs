using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Orleans.Services;

namespace Chat.Conversations;

/// <summary>
/// The one way into a silo for what its conversations are sent: a batch of a gateway's sends or marks in one call, each
/// handed to its conversation here. A short cut and no more: what is not at home here is answered with null, and the
/// gateway asks the directory (<see cref="IConversationGrain"/>) instead.
/// </summary>
[Alias("chat.conversation-intake")]
public interface IConversationIntake : IGrainService
{
    /// <returns>
    /// For each item, in order, the conversation's answers; null: not at home here, nothing was done.
    /// </returns>
    [Alias("send")]
    Task<Answer<Sent>[]?[]> Send(SendsTo[] sends);

    /// <returns>
    /// For each item, in order, the conversation's answers; null: not at home here, nothing was done.
    /// </returns>
    [Alias("mark")]
    Task<Answer<MarkOutcome>[]?[]> Mark(MarksTo[] marks);
}

/// <summary>Sends of one connection to one conversation, in their order.</summary>
[GenerateSerializer, Immutable, Alias("chat.sends-to")]
public readonly record struct SendsTo(
    [property: Id(0)] ConversationId ConversationId, [property: Id(1)] SendCommand[] Commands);

/// <summary>Marks of members of one conversation.</summary>
[GenerateSerializer, Immutable, Alias("chat.marks-to")]
public readonly record struct MarksTo(
    [property: Id(0)] ConversationId ConversationId, [property: Id(1)] ReceiptMark[] Marks);
