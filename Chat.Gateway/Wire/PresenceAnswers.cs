using Chat.Presence;
using Chat.Users;
using MessagePack;

namespace Chat.Gateway.Wire;

/// <summary>Answer of <c>Watch</c>.</summary>
[MessagePackObject]
public sealed record PresenceList([property: Key("presence")] IReadOnlyList<ShownPresence> Presence);

/// <summary>What is shown of somebody under the id that was asked for, whether we ever gave that out or not.</summary>
[MessagePackObject]
public sealed record ShownPresence(
    [property: Key("userId")] string UserId,
    [property: Key("online")] bool Online,
    [property: Key("lastSeen")] DateTimeOffset? LastSeen)
{
    public static ShownPresence Of(UserPresence? presence, string id) =>
        new(id, presence?.Online ?? false, presence?.LastSeen);
}

/// <summary>Answer of <c>SetPrivacy</c>.</summary>
[MessagePackObject]
public sealed record PrivacyAnswer(
    [property: Key("lastSeen")] string LastSeen,
    [property: Key("readReceipts")] bool ReadReceipts)
{
    public static PrivacyAnswer Of(Privacy privacy) => new(
        privacy.LastSeen switch
        {
            LastSeenAudience.Contacts => "contacts",
            LastSeenAudience.Nobody => "nobody",
            _ => "everyone",
        },
        privacy.ReadReceipts);
}
