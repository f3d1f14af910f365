using Chat.Conversations;
using Chat.Ids;
using Chat.Receipts;

namespace Chat.Delivery;

/// <summary>
/// One hint on its way to the devices of some users of one gateway. Exactly one of <see cref="Message"/>,
/// <see cref="Receipt"/>, <see cref="Changed"/>, <see cref="Resync"/> and <see cref="Counts"/> says which.
/// </summary>
/// <param name="Users">Whose connections get it.</param>
/// <param name="Except">The connection that caused it and knows already; 0: none.</param>
[GenerateSerializer, Immutable, Alias("chat.push")]
public readonly record struct Push(
    [property: Id(0)] UserId[] Users,
    [property: Id(1)] long Except = 0,
    [property: Id(2)] Message? Message = null,
    [property: Id(3)] ReceiptAdvanced? Receipt = null,
    [property: Id(4)] ConversationId? Changed = null,
    [property: Id(5)] bool Resync = false,
    [property: Id(6)] ReceiptCounts? Counts = null);
