using Chat.Tests.Harness;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>Invites let in whoever holds them, while they hold.</summary>
[Collection(PromiseTests.Collection)]
public sealed class InvitingToAGroup(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task An_invite_lets_in_as_many_as_it_says_until_it_is_revoked()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob", "carol", "dave"]);
        var (alice, bob, chat) = (circle.Owner.Chat, circle.Devices[1].Chat, circle.Chat);
        var (carol, dave) = (circle.Devices[2].Chat, circle.Devices[3].Chat);

        await Circle.RefusesAsync("forbidden", () => bob.CreateInviteAsync(chat));
        var once = await alice.CreateInviteAsync(chat, usesMax: 1);
        Assert.Equal(3, (await carol.JoinByInviteAsync(once.Code)).MemberCount);
        await carol.JoinByInviteAsync((await alice.CreateInviteAsync(chat)).Code);
        await Circle.RefusesAsync("invite_not_found", () => dave.JoinByInviteAsync(once.Code));
        await Circle.RefusesAsync("invite_not_found", () => dave.JoinByInviteAsync("never-given-out"));

        var revoked = await alice.CreateInviteAsync(chat, TimeSpan.FromHours(1));
        await alice.RevokeInviteAsync(chat, revoked.Code);
        await Circle.RefusesAsync("invite_not_found", () => dave.JoinByInviteAsync(revoked.Code));
        await Circle.RefusesAsync("invite_not_found", () => alice.RevokeInviteAsync(chat, revoked.Code));

        Assert.Equal(["1 created", "2 memberJoined"], await circle.LogAsync(circle.Owner));
        Assert.Equal(["2 memberJoined"], await circle.LogAsync(circle.Devices[2]));
    }

    [Fact]
    public async Task An_expired_invite_lets_nobody_in()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob", "carol"]);
        var invite = await circle.Owner.Chat.CreateInviteAsync(circle.Chat, TimeSpan.FromSeconds(1));
        Assert.Equal(invite.CreatedAt.AddSeconds(1), invite.ExpiresAt);

        // Bob is a member, whom an invite changes nothing for; it is refused to him too once it has expired.
        await Eventually.YieldsAsync(
            "the invite to expire",
            () => Circle.EndAsync(() => circle.Devices[1].Chat.JoinByInviteAsync(invite.Code)),
            end => end == "invite_not_found");

        await Circle.RefusesAsync(
            "invite_not_found", () => circle.Devices[2].Chat.JoinByInviteAsync(invite.Code));
        Assert.Equal(["1 created"], await circle.LogAsync(circle.Owner));
    }

    [Fact]
    public async Task An_invite_to_a_group_that_everybody_has_left_lets_nobody_in()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 1, ["alice", "bob"]);
        var invite = await circle.Owner.Chat.CreateInviteAsync(circle.Chat);
        await circle.Owner.Chat.LeaveAsync(circle.Chat);

        // Whoever came in would be a member of a group without an owner.
        await Circle.RefusesAsync("invite_not_found", () => circle.Devices[1].Chat.JoinByInviteAsync(invite.Code));
        await Circle.RefusesAsync("invite_not_found", () => circle.Owner.Chat.JoinByInviteAsync(invite.Code));
    }

    [Fact]
    public async Task Of_many_who_use_an_invite_at_once_so_many_come_in_as_it_says()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 1, ["alice", "bob", "carol", "dave", "erin", "frank"]);
        var invite = await circle.Owner.Chat.CreateInviteAsync(circle.Chat, usesMax: 2);

        var ends = await Task.WhenAll(circle.Devices.Skip(1).Select(
            device => Circle.EndAsync(() => device.Chat.JoinByInviteAsync(invite.Code))));

        Assert.Equal(
            ["done", "done", "invite_not_found", "invite_not_found", "invite_not_found"], ends.Order());
        Assert.Equal(3, (await circle.RolesAsync(circle.Owner)).Count(role => role != "-"));
        Assert.Equal(
            ["1 created", "2 memberJoined", "3 memberJoined"], await circle.LogAsync(circle.Owner));
    }

    [Fact]
    public async Task Who_mutes_a_group_alone_sees_that_he_did()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob", "mallory"]);

        var muted = await circle.Devices[1].Chat.SetMutedAsync(circle.Chat, TimeSpan.FromHours(8));

        Assert.NotNull(muted.MutedUntil);
        Assert.Null((await circle.SeenByAsync(circle.Owner)).MutedUntil);
        Assert.Null((await circle.Devices[1].Chat.SetMutedAsync(circle.Chat, null)).MutedUntil);
        await Circle.RefusesAsync(
            "not_a_member", () => circle.Devices[2].Chat.SetMutedAsync(circle.Chat, TimeSpan.FromHours(8)));
    }
}
