namespace Chat.Users;

/// <summary>To whom a user shows <i>online</i> and <i>last seen</i>. The numbers are stored.</summary>
public enum LastSeenAudience
{
    Everyone = 0,
    Contacts = 1,
    Nobody = 2,
}

/// <summary>What a user shows to others, and so is shown of them.</summary>
[GenerateSerializer, Immutable, Alias("chat.privacy")]
public sealed record Privacy(
    [property: Id(0)] LastSeenAudience LastSeen,
    [property: Id(1)] bool ReadReceipts);

/// <summary>A change of privacy; what is null stays.</summary>
[GenerateSerializer, Immutable, Alias("chat.privacy-change")]
public sealed record PrivacyChange(
    [property: Id(0)] LastSeenAudience? LastSeen,
    [property: Id(1)] bool? ReadReceipts);
