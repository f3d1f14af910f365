using Chat.Ids;

namespace Chat.Delivery;

/// <summary>
/// Where one user can be reached and whom he has blocked: a snapshot, told by his grain to each silo that pushes to him.
/// </summary>
/// <param name="Activation">The grain's activation; a different one starts its versions anew.</param>
/// <param name="Version">Rises with each change within one activation; an older snapshot is passed over.</param>
/// <param name="Owner">The silo that told it; once that is dead, so is the snapshot.</param>
[GenerateSerializer, Immutable, Alias("chat.route")]
public sealed record Route(
    [property: Id(0)] UserId UserId,
    [property: Id(1)] Guid Activation,
    [property: Id(2)] long Version,
    [property: Id(3)] SiloAddress Owner,
    [property: Id(4)] Session[] Sessions,
    [property: Id(5)] UserId[] Blocked)
{
    public bool Blocks(UserId other) => Blocked.Length > 0 && Array.IndexOf(Blocked, other) >= 0;
}

/// <summary>One connection of a user and the gateway that holds its socket.</summary>
[GenerateSerializer, Immutable, Alias("chat.session")]
public readonly record struct Session([property: Id(0)] SiloAddress Gateway, [property: Id(1)] long Connection);
