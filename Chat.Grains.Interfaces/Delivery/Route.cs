using Chat.Ids;

namespace Chat.Delivery;

/// <summary>
/// Where one user can be reached, whom he has blocked, what he hides: a snapshot, told by his grain to each silo that
/// pushes to him.
/// </summary>
/// <param name="Version">Rises with each change under one owner; an older snapshot is passed over.</param>
/// <param name="Owner">The silo that told it; once that is dead, so is the snapshot.</param>
/// <param name="Blocked">Null: no silo has asked for it; only direct conversations do.</param>
/// <param name="HidesReading">Null: unchanged since this owner has him; the store knows.</param>
/// <param name="IsGone">The grain leaves this owner: forget the route and ask again when it is needed.</param>
[GenerateSerializer, Immutable, Alias("chat.route")]
public sealed record Route(
    [property: Id(0)] UserId UserId,
    [property: Id(1)] long Version,
    [property: Id(2)] SiloAddress Owner,
    [property: Id(3)] Session[] Sessions,
    [property: Id(4)] UserId[]? Blocked,
    [property: Id(5)] bool IsGone = false,
    [property: Id(6)] bool? HidesReading = null)
{
    public bool Blocks(UserId other) => Blocked is { Length: > 0 } && Array.IndexOf(Blocked, other) >= 0;
}

/// <summary>One connection of a user and the gateway that holds its socket.</summary>
[GenerateSerializer, Immutable, Alias("chat.session")]
public readonly record struct Session([property: Id(0)] SiloAddress Gateway, [property: Id(1)] long Connection);
