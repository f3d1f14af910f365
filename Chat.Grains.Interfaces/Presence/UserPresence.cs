using Chat.Ids;
using MessagePack;

namespace Chat.Presence;

/// <summary>What somebody is shown of a user. Who hides looks like somebody who was never there.</summary>
[GenerateSerializer, Immutable, Alias("chat.user-presence"), MessagePackObject]
public sealed record UserPresence(
    [property: Id(0), Key("userId")] UserId UserId,
    [property: Id(1), Key("online")] bool Online,
    [property: Id(2), Key("lastSeen")] DateTimeOffset? LastSeen)
{
    public static UserPresence Hidden(UserId user) => new(user, Online: false, LastSeen: null);
}
