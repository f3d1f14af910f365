using Chat.Delivery;
using Chat.Ids;
using Chat.Refusals;

namespace Chat.Users;

/// <summary>
/// Knows where one user's devices are connected, whom he has blocked, and how much he may still send.
/// Never calls a conversation.
/// </summary>
[Alias("chat.user")]
public interface IUserGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Takes these connections of one gateway under a lease, or renews it. Answers when every silo that pushes to this
    /// user knows of them, so that what is committed from now on is pushed to them.
    /// </summary>
    /// <param name="spent">Sends made since the last report, see <see cref="SpendSends"/>.</param>
    [Alias("attach")]
    Task<AttachAnswer> Attach(SiloAddress gateway, long[] connections, SpentSends[] spent);

    /// <summary>Takes one connection away; another of the same gateway stays.</summary>
    [Alias("detach")]
    Task Detach(SiloAddress gateway, long connection, SpentSends[] spent);

    /// <summary>
    /// A device that pushes may have missed is about to read: answers when every silo that pushes to this user counts
    /// what it pushed until now and is not durable yet as missed, as if the device had just come.
    /// </summary>
    [Alias("reads-anew")]
    Task ReadsAnew();

    /// <summary>Where the user is; from now on <paramref name="subscriber"/> is told of each change.</summary>
    /// <param name="withBlocks">Whom he has blocked too: a state read, which groups do without.</param>
    /// <param name="number">Of the subscriber's subscriptions, rising; 0: it does not count them.</param>
    [Alias("subscribe")]
    Task<Route> Subscribe(SiloAddress subscriber, bool withBlocks, long number = 0);

    /// <summary>Takes a subscription back, and no newer one that came before this call.</summary>
    /// <param name="number">The subscription's; 0: whichever there is.</param>
    [Alias("unsubscribe")]
    Task Unsubscribe(SiloAddress subscriber, long number = 0);

    /// <summary>
    /// That silo is gone: its sessions with it, and, where it pushed to this user, perhaps some pushes: then his
    /// connections are told to resume.
    /// </summary>
    [Alias("silo-gone")]
    Task SiloGone(SiloAddress silo);

    /// <summary>Drops the sessions whose lease has run out.</summary>
    [Alias("expire-leases")]
    Task ExpireLeases();

    /// <summary>Reports sends in batches; the bucket here holds over all gateways of the user.</summary>
    [Alias("spend-sends")]
    Task<SendAllowance> SpendSends(SpentSends[] spent);

    /// <summary>Durable, and known to every silo that holds a conversation of this user, when answered.</summary>
    [Alias("block")]
    Task<Refusal?> Block(UserId otherId);

    [Alias("unblock")]
    Task<Refusal?> Unblock(UserId otherId);

    /// <summary>Durable, and in force for all who watch this user or hear of his receipts, when answered.</summary>
    [Alias("set-privacy")]
    Task<Privacy> SetPrivacy(PrivacyChange change);
}

/// <summary>What a gateway learns when it attaches a user.</summary>
/// <param name="Unknown">
/// Of the connections given, those that the grain did not know: pushes to an older one of them may have been lost.
/// </param>
/// <param name="Owner">The silo of the user's grain: if it dies, attach again.</param>
[GenerateSerializer, Immutable, Alias("chat.attach-answer")]
public sealed record AttachAnswer(
    [property: Id(0)] long[] Unknown,
    [property: Id(1)] SiloAddress Owner,
    [property: Id(2)] SendAllowance Allowance);

/// <summary>Sends that a gateway let through, at about the same time.</summary>
/// <param name="Ago">The last of them, when this was reported.</param>
[GenerateSerializer, Immutable, Alias("chat.spent-sends")]
public readonly record struct SpentSends([property: Id(0)] int Count, [property: Id(1)] TimeSpan Ago);

/// <summary>What is left in a user's bucket, over all gateways.</summary>
/// <param name="Sends">Whole sends; negative: overdrawn, to be waited off.</param>
[GenerateSerializer, Immutable, Alias("chat.send-allowance")]
public readonly record struct SendAllowance([property: Id(0)] int Sends);
