using Chat.Conversations;
using Chat.Ids;
using Chat.Refusals;
using Chat.Storage;
using Microsoft.Extensions.Options;

namespace Chat.Groups;

/// <summary>
/// Decides on one group's commands by <see cref="GroupRules"/>, one after another, and has its conversation record
/// them.
/// <para><b>Invariant.</b> A decision is recorded only while the facts that it rests on hold: the conversation refuses
/// it otherwise and it is made anew. So of two who decide at once (two activations, two admins) one comes second and
/// sees what the first did.</para>
/// <para>Holds nothing between calls: facts are the conversation's, invites the store's.</para>
/// </summary>
internal sealed class GroupGrain(
    IGroupStore store, IOptions<ChatLimits> limits, TimeProvider time) : Grain, IGroupGrain
{
    private const int TriesMax = 8;
    private const int BlocksAskedAtOnceMax = 128;
    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(200);

    private IConversationGrain Conversation => GrainFactory.GetConversation(Id);

    private ConversationId Id => new(this.GetPrimaryKey());

    public async Task<Refusal?> Create(UserId creatorId, UserId[] memberIds, GroupSettings settings, long origin)
    {
        UserId[] others = [.. memberIds.Where(user => user != creatorId).Distinct()];
        return GroupRules.OnSize(others.Length + 1, limits.Value.GroupMembers)
            ?? await FindBlockAsync(creatorId, others)
            ?? await Conversation.CreateGroup(creatorId, others, settings, origin);
    }

    public Task<Refusal?> AddMembers(UserId actorId, UserId[] userIds, long origin) =>
        DecideAsync(actorId, [.. userIds.Distinct()], origin, async (facts, users) =>
        {
            UserId[] newcomers = [.. users.Where((_, i) => facts.Roles[i] is null)];
            if (GroupRules.OnAdd(facts, newcomers.Length, limits.Value.GroupMembers) is { } refusal) return refusal;
            if (await FindBlockAsync(actorId, newcomers) is { } blocked) return blocked;
            return newcomers.Length == 0
                ? Decided.Nothing
                : new Decided(GroupEntries.Added(actorId, newcomers), GroupChange.Join(newcomers));
        });

    public Task<Refusal?> RemoveMember(UserId actorId, UserId userId, long origin) => actorId == userId
        ? Leave(actorId, origin)
        : DecideAsync(actorId, [userId], origin, (facts, _) =>
            GroupRules.OnRemove(facts, facts.Roles[0]) is { } refusal ? Refuse(refusal)
            : facts.Roles[0] is null ? Decide(Decided.Nothing)
            : Decide(new Decided(GroupEntries.Removed(actorId, userId), GroupChange.Leave(userId))));

    public Task<Refusal?> Leave(UserId actorId, long origin) =>
        DecideAsync(actorId, [], origin, (facts, _) => GroupRules.OnLeave(facts) is { } refusal
            ? Refuse(refusal)
            : Decide(new Decided(GroupEntries.Left(actorId), GroupChange.Leave(actorId))));

    public Task<Refusal?> SetRole(UserId actorId, UserId userId, GroupRole role, long origin) =>
        DecideAsync(actorId, [userId], origin, (facts, _) =>
            GroupRules.OnGive(facts, facts.Roles[0], role) is { } refusal ? Refuse(refusal)
            : facts.Roles[0] == role ? Decide(Decided.Nothing)
            : Decide(new Decided(
                GroupEntries.RoleGiven(actorId, userId, role), GroupChange.Give(userId, role))));

    public async Task<Refusal?> Update(UserId actorId, GroupUpdate update, long origin)
    {
        var isDone = false;
        for (var recorded = 0; !isDone; recorded++)
        {
            try
            {
                // One setting after another, each decided on what is true then.
                if (await DecideAsync(actorId, [], origin, DecideNext) is not { } refusal) continue;
                return recorded == 0 ? refusal : Refusal.Unavailable;
            }
            catch (StoreBusyException) when (recorded > 0)
            {
                // As where a later one is refused: "busy" would say that nothing was changed.
                return Refusal.Unavailable;
            }
        }

        return null;

        Task<Answer<Decided>> DecideNext(GroupFacts facts, UserId[] about)
        {
            if (GroupRules.OnAct(facts.ActorRole, GroupAct.ChangeSettings) is { } forbidden) return Refuse(forbidden);
            var next = GroupEntries.Updated(actorId, facts.Settings, update).Take(2).ToList();
            isDone = next.Count < 2;
            return Decide(next.Count == 0
                ? Decided.Nothing
                : new Decided(next[0].Entry, GroupChange.Set(next[0].Settings)));
        }
    }

    public async Task<Answer<InviteTerms>> CreateInvite(
        UserId actorId, byte[] codeHash, TimeSpan? expiresAfter, int? usesMax)
    {
        if (await MayInviteAsync(actorId) is { } refusal) return refusal;
        var now = time.GetUtcNow();
        now = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var invite = new Invite(codeHash, Id, actorId, now, now + expiresAfter, usesMax);
        await store.AddInviteAsync(invite, CancellationToken.None);
        return new InviteTerms(now, invite.ExpiresAt, usesMax);
    }

    public async Task<Refusal?> RevokeInvite(UserId actorId, byte[] codeHash)
    {
        if (await MayInviteAsync(actorId) is { } refusal) return refusal;
        return await store.RevokeInviteAsync(Id, codeHash, time.GetUtcNow(), CancellationToken.None)
            ? null
            : Refusal.InviteNotFound;
    }

    public Task<Refusal?> Join(UserId userId, byte[] codeHash, long origin) =>
        DecideAsync(userId, [], origin, async (facts, _) =>
        {
            var invite = await store.FindInviteAsync(codeHash, CancellationToken.None);
            if (invite?.ConversationId != Id || !invite.IsUsableAt(time.GetUtcNow())) return Refusal.InviteNotFound;
            if (facts.ActorRole is not null) return Decided.Nothing;
            if (GroupRules.OnJoin(facts, limits.Value.GroupMembers) is { } refusal) return refusal;
            return new Decided(
                GroupEntries.Joined(userId), GroupChange.Join(userId) with { InviteCodeHash = codeHash });
        });

    public async Task<Refusal?> Mute(UserId userId, DateTimeOffset? until, long origin)
    {
        if (!await store.MuteAsync(userId, Id, until, CancellationToken.None)) return await WhyNotAsync(userId);
        await Conversation.TellChanged([userId], origin);
        return null;
    }

    /// <summary>What a rule made of the facts; <see cref="Nothing"/>: all is as it should be.</summary>
    private sealed record Decided(Content? Entry, GroupChange? Change)
    {
        public static readonly Decided Nothing = new(null, null);
    }

    private static Task<Answer<Decided>> Decide(Decided decided) => Task.FromResult<Answer<Decided>>(decided);

    private static Task<Answer<Decided>> Refuse(Refusal refusal) => Task.FromResult<Answer<Decided>>(refusal);

    private async Task<Refusal?> DecideAsync(
        UserId actorId, UserId[] about, long origin, Func<GroupFacts, UserId[], Task<Answer<Decided>>> decide)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var facts = await Conversation.GetGroup(actorId, about);
            if (facts.Refusal is { } unknown) return unknown;
            var decided = await decide(facts.Value!, about);
            if (decided.Refusal is { } refusal) return refusal;
            if (decided.Value is not { Entry: { } entry, Change: { } change }) return null;
            var recorded = await Conversation.RecordChange(
                new GroupDecision(actorId, entry, change, facts.Value!.MembersVersion, origin));
            if (recorded.Refusal is { } failed) return failed;
            if (recorded.Value) return null;
        }

        return Refusal.Busy(BusyFor);
    }

    private async Task<Refusal?> MayInviteAsync(UserId actorId)
    {
        var facts = await Conversation.GetGroup(actorId, []);
        return facts.Refusal ?? GroupRules.OnAct(facts.Value!.ActorRole, GroupAct.Invite);
    }

    private async Task<Refusal> WhyNotAsync(UserId userId) =>
        (await Conversation.GetGroup(userId, [])).Refusal ?? Refusal.NotAMember;

    /// <summary>Nobody is put into a group by somebody whom he has blocked; by an invite he may come himself.</summary>
    private async Task<Refusal?> FindBlockAsync(UserId actorId, UserId[] users)
    {
        foreach (var some in users.Chunk(BlocksAskedAtOnceMax))
        {
            var blocks = await Task.WhenAll(some.Select(user => GrainFactory.GetUserSettings(user).Blocks(actorId)));
            if (blocks.Contains(true)) return Refusal.Blocked;
        }

        return null;
    }
}
