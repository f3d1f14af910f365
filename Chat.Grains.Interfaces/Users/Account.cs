using Chat.Ids;
using MessagePack;

namespace Chat.Users;

/// <summary>What anybody who is signed in may know of a user. Also the wire's shape.</summary>
[MessagePackObject]
public sealed record Account(
    [property: Key("userId")] UserId UserId,
    [property: Key("username")] string Username,
    [property: Key("displayName")] string DisplayName);
