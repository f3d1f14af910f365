using System.Security.Cryptography;
using Chat.Groups;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class InvitingAndMuting(SharedPostgres postgres)
{
    private static readonly DateTimeOffset Noon = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, EachStore]
    public async Task An_invite_is_found_by_its_hash_until_it_is_over(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var group = await TestGroup.CreateAsync(store);
        var invite = InviteTo(group) with { ExpiresAt = Noon.AddDays(1), UsesMax = 2 };
        await store.Groups.AddInviteAsync(invite, CancellationToken.None);
        await store.Groups.AddInviteAsync(invite, CancellationToken.None);

        var found = await store.Groups.FindInviteAsync(invite.CodeHash, CancellationToken.None);

        Assert.Equivalent(invite, found, strict: true);
        Assert.True(found!.IsUsableAt(Noon));
        Assert.False(found.IsUsableAt(Noon.AddDays(1)));
        Assert.Null(await store.Groups.FindInviteAsync(RandomNumberGenerator.GetBytes(32), CancellationToken.None));
    }

    [Theory, EachStore]
    public async Task A_use_counts_with_the_entry_that_lets_in_and_with_nothing_else(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var group = await TestGroup.CreateAsync(store);
        var invite = InviteTo(group) with { UsesMax = 1 };
        await store.Groups.AddInviteAsync(invite, CancellationToken.None);
        var races = Enumerable.Range(0, 4).Select(_ =>
            group.Entry(GroupChange.Join(TestGroup.Somebody()) with { InviteCodeHash = invite.CodeHash }));

        var won = await Task.WhenAll(races.ToArray().Select(entry =>
            Task.Run(() => store.Log.TryAppendAsync([entry], CancellationToken.None))));

        Assert.Single(won, each => each);
        var found = await store.Groups.FindInviteAsync(invite.CodeHash, CancellationToken.None);
        Assert.Equal(1, found!.Uses);
        Assert.False(found.IsUsableAt(Noon));
        Assert.Equal(2, (await group.AsSeenByAsync(group.Olga)).MemberCount);
    }

    [Theory, EachStore]
    public async Task Revoking_works_once_and_for_its_own_group_alone(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (group, other) = (await TestGroup.CreateAsync(store), await TestGroup.CreateAsync(store));
        var invite = InviteTo(group);
        await store.Groups.AddInviteAsync(invite, CancellationToken.None);

        Assert.False(await store.Groups.RevokeInviteAsync(other.Id, invite.CodeHash, Noon, CancellationToken.None));
        var revoked = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            store.Groups.RevokeInviteAsync(group.Id, invite.CodeHash, Noon, CancellationToken.None)));

        Assert.Single(revoked, each => each);
        var found = await store.Groups.FindInviteAsync(invite.CodeHash, CancellationToken.None);
        Assert.Equal((Noon, false), (found!.RevokedAt, found.IsUsableAt(Noon)));
    }

    [Theory, EachStore]
    public async Task Muting_is_seen_by_oneself_alone(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        var (before, others) = (await group.AsSeenByAsync(bob), await group.AsSeenByAsync(group.Olga));

        Assert.True(await store.Groups.MuteAsync(bob, group.Id, Noon, CancellationToken.None));
        Assert.False(await store.Groups.MuteAsync(TestGroup.Somebody(), group.Id, Noon, CancellationToken.None));

        var muted = await group.AsSeenByAsync(bob);
        Assert.Equal(Noon, muted.MutedUntil);
        Assert.NotEqual(before.Version, muted.Version);
        Assert.Equivalent(others, await group.AsSeenByAsync(group.Olga));
        Assert.True(await store.Groups.MuteAsync(bob, group.Id, null, CancellationToken.None));
        Assert.Equivalent(before, await group.AsSeenByAsync(bob));
    }

    private static Invite InviteTo(TestGroup group) =>
        new(RandomNumberGenerator.GetBytes(32), group.Id, group.Olga, Noon, ExpiresAt: null, UsesMax: null);
}
