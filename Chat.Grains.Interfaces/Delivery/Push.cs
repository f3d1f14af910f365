using Chat.Conversations;
using Chat.Ids;
using Chat.Presence;
using Chat.Receipts;

namespace Chat.Delivery;

/// <summary>
/// One hint on its way to the devices of some users of one gateway. Exactly one of <see cref="Message"/>,
/// <see cref="Receipt"/>, <see cref="Changed"/>, <see cref="Resync"/>, <see cref="Counts"/>, <see cref="Presence"/>,
/// <see cref="Typing"/> and <see cref="PrivacyChanged"/> (the user's watches are to be decided anew) says which.
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
    [property: Id(6)] ReceiptCounts? Counts = null,
    [property: Id(10)] UserPresence? Presence = null,
    [property: Id(11)] TypingChanged? Typing = null,
    [property: Id(12)] bool PrivacyChanged = false)
{
    /// <summary>From so many users on, a push goes the way of the many.</summary>
    public const int ManyUsers = 32;

    public bool IsToMany => Users.Length >= ManyUsers;

    /// <summary>Lost without harm: it is outdated soon, and nothing has to be read again.</summary>
    public bool IsFleeting => Presence is not null || Typing is not null;
}
