using Chat.Ids;

namespace Chat.Presence;

/// <summary>
/// Knows of its share of the users who is online, when they were last seen, who watches them from which gateway, and
/// decides who may see it. A share and not one user has a grain, so that a gateway speaks for all of its users in a few
/// calls.
/// </summary>
[Alias("chat.presence")]
public interface IPresenceGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Adds watchers until that gateway's next <see cref="Renew"/> of a later version; answers what they may see now.
    /// </summary>
    [Alias("watch")]
    Task<PresenceView> Watch(SiloAddress gateway, Watched[] watched);

    /// <summary>
    /// Replaces all that is known of a gateway, but for what is newer than the snapshot, and gives it a new lease.
    /// </summary>
    [Alias("renew")]
    Task<PresenceView> Renew(GatewaySnapshot snapshot);

    /// <summary>A user has changed his privacy or a block: answers when those who watch have been told.</summary>
    [Alias("privacy-changed")]
    Task PrivacyChanged(UserId user);
}

/// <summary>A user and those of one gateway who watch him, each of whom shows himself to him.</summary>
/// <param name="Version">Of a watch, orders it with the gateway's snapshots: one of a lower version lacks it.</param>
[GenerateSerializer, Immutable, Alias("chat.watched")]
public readonly record struct Watched(
    [property: Id(0)] UserId User,
    [property: Id(1)] UserId[] Watchers,
    [property: Id(2)] long Version = 0);

/// <summary>What one gateway knows of a grain's users.</summary>
/// <param name="Version">Orders it with what the gateway publishes, and with the watches that it adds.</param>
/// <param name="Connected">Who has a connection there.</param>
[GenerateSerializer, Immutable, Alias("chat.gateway-snapshot")]
public sealed record GatewaySnapshot(
    [property: Id(0)] SiloAddress Gateway,
    [property: Id(1)] long Version,
    [property: Id(2)] Activity[] Connected,
    [property: Id(3)] Watched[] Watched);

/// <summary>What one gateway knows of one user.</summary>
/// <param name="InputAt">Unix milliseconds of his last input; 0: none known.</param>
[GenerateSerializer, Immutable, Alias("chat.activity")]
public readonly record struct Activity(
    [property: Id(0)] UserId User,
    [property: Id(1)] long InputAt,
    [property: Id(2)] bool IsConnected);

/// <summary>
/// Published: what happened to some users at one gateway. Losing one is harmless: the next renewal has it.
/// </summary>
[GenerateSerializer, Immutable, Alias("chat.activity-batch")]
public sealed record ActivityBatch(
    [property: Id(0)] SiloAddress Gateway,
    [property: Id(1)] long Version,
    [property: Id(2)] Activity[] Users);

/// <summary>What watchers may see.</summary>
/// <param name="Users">Those whom at least one of the watchers may see.</param>
/// <param name="Hidden">The watchers who may not.</param>
/// <param name="Owner">The silo of the grain: when it is gone, renew at once.</param>
/// <param name="KnowsGateway">False: the grain has begun anew; renew at once.</param>
/// <param name="Begun">When the grain began, in ticks: it knows of no change of privacy before that.</param>
/// <param name="PrivacyChanged">
/// To a renewal: those connected there who changed their privacy or a block within the last lease, so that whom they
/// watch has to be decided anew.
/// </param>
[GenerateSerializer, Immutable, Alias("chat.presence-view")]
public sealed record PresenceView(
    [property: Id(0)] UserPresence[] Users,
    [property: Id(1)] Watched[] Hidden,
    [property: Id(2)] SiloAddress Owner,
    [property: Id(3)] bool KnowsGateway,
    [property: Id(4)] long Begun = 0,
    [property: Id(5)] UserId[]? PrivacyChanged = null);
