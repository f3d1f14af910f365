using Chat.Conversations;
using Chat.Ids;
using Chat.Refusals;

namespace Chat.Groups;

/// <summary>
/// Decides who may do what in one group; its conversation records what was decided. One command at a time.
/// <para>Each call answers once the change is durable. A command that would change nothing changes nothing and is no
/// refusal; which of them may so be given again after <c>unavailable</c> says <c>docs/groups.md</c>.</para>
/// </summary>
[Alias("chat.group")]
public interface IGroupGrain : IGrainWithGuidKey
{
    /// <summary>Makes the group under this grain's id. The caller has made sure that the members exist.</summary>
    [Alias("create")]
    Task<Refusal?> Create(UserId creatorId, UserId[] memberIds, GroupSettings settings, long origin);

    /// <summary>Lets users in, whom the caller has made sure to exist.</summary>
    [Alias("add-members")]
    Task<Refusal?> AddMembers(UserId actorId, UserId[] userIds, long origin);

    [Alias("remove-member")]
    Task<Refusal?> RemoveMember(UserId actorId, UserId userId, long origin);

    [Alias("leave")]
    Task<Refusal?> Leave(UserId actorId, long origin);

    [Alias("set-role")]
    Task<Refusal?> SetRole(UserId actorId, UserId userId, GroupRole role, long origin);

    /// <summary>One entry for each setting that differs.</summary>
    [Alias("update")]
    Task<Refusal?> Update(UserId actorId, GroupUpdate update, long origin);

    /// <param name="codeHash">SHA-256 of a code that only the caller knows.</param>
    [Alias("create-invite")]
    Task<Answer<InviteTerms>> CreateInvite(UserId actorId, byte[] codeHash, TimeSpan? expiresAfter, int? usesMax);

    [Alias("revoke-invite")]
    Task<Refusal?> RevokeInvite(UserId actorId, byte[] codeHash);

    [Alias("join")]
    Task<Refusal?> Join(UserId userId, byte[] codeHash, long origin);

    /// <param name="until">Null: no longer muted.</param>
    [Alias("mute")]
    Task<Refusal?> Mute(UserId userId, DateTimeOffset? until, long origin);
}

/// <summary>New settings of a group; null: stays. An empty description or picture takes it away.</summary>
[GenerateSerializer, Immutable, Alias("chat.group-update")]
public sealed record GroupUpdate(
    [property: Id(0)] string? Title,
    [property: Id(1)] string? Description,
    [property: Id(2)] string? PictureMediaId,
    [property: Id(3)] string? HistoryVisibility,
    [property: Id(4)] bool? OnlyAdminsSend)
{
    // Orleans prints what a call carries: nothing that a user wrote.
    public override string ToString() => nameof(GroupUpdate);
}

/// <summary>How long and how often an invite holds.</summary>
[GenerateSerializer, Immutable, Alias("chat.invite-terms")]
public sealed record InviteTerms(
    [property: Id(0)] DateTimeOffset CreatedAt,
    [property: Id(1)] DateTimeOffset? ExpiresAt,
    [property: Id(2)] int? UsesMax);

/// <summary>What a decision about a group rests on, as its conversation knows it at one moment.</summary>
/// <param name="MembersVersion">Rises with each recorded change.</param>
/// <param name="ActorRole">Null: no member.</param>
/// <param name="Roles">Of each user asked about, in order; null: no member.</param>
[GenerateSerializer, Immutable, Alias("chat.group-facts")]
public sealed record GroupFacts(
    [property: Id(0)] long MembersVersion,
    [property: Id(1)] GroupSettings Settings,
    [property: Id(2)] int MemberCount,
    [property: Id(3)] int OwnerCount,
    [property: Id(4)] GroupRole? ActorRole,
    [property: Id(5)] GroupRole?[] Roles);

/// <summary>A change that was decided, to be recorded.</summary>
/// <param name="MembersVersion">What it was decided on: if that has changed, nothing is recorded.</param>
/// <param name="Origin">The connection that is answered, and not told besides.</param>
[GenerateSerializer, Immutable, Alias("chat.group-decision")]
public sealed record GroupDecision(
    [property: Id(0)] UserId ActorId,
    [property: Id(1)] Content Entry,
    [property: Id(2)] GroupChange Change,
    [property: Id(3)] long MembersVersion,
    [property: Id(4)] long Origin);
