using Chat.Conversations;
using Chat.Groups;
using Chat.Refusals;
using Xunit;

namespace Chat.Tests.Groups;

/// <summary>The rule table of groups, line by line: <c>docs/groups.md</c>.</summary>
public sealed class DecidingInGroups
{
    private static readonly GroupSettings Settings =
        new("t", null, null, GroupSettings.FromJoin, OnlyAdminsSend: false, Retention.Permanent);

    [Theory]
    [InlineData(GroupAct.AddMembers, GroupRole.Admin)]
    [InlineData(GroupAct.RemoveMember, GroupRole.Admin)]
    [InlineData(GroupAct.RemoveOwner, GroupRole.Owner)]
    [InlineData(GroupAct.GiveRole, GroupRole.Owner)]
    [InlineData(GroupAct.ChangeSettings, GroupRole.Admin)]
    [InlineData(GroupAct.Invite, GroupRole.Admin)]
    [InlineData(GroupAct.SendAmongAdmins, GroupRole.Admin)]
    [InlineData(GroupAct.DeleteOthersMessages, GroupRole.Admin)]
    internal void Each_act_needs_its_role_or_a_higher_one(GroupAct act, GroupRole least)
    {
        Assert.Equal(Refusal.NotAMember, GroupRules.OnAct(null, act));
        foreach (var role in Enum.GetValues<GroupRole>())
            Assert.Equal(role >= least ? null : Refusal.Forbidden, GroupRules.OnAct(role, act));
    }

    [Fact]
    public void A_group_takes_as_many_as_it_may_hold()
    {
        Assert.Null(GroupRules.OnAdd(Facts(GroupRole.Admin, members: 8), newcomers: 2, membersMax: 10));
        Assert.Equal(
            Refusal.GroupFull, GroupRules.OnAdd(Facts(GroupRole.Owner, members: 8), newcomers: 3, membersMax: 10));
        Assert.Equal(
            Refusal.Forbidden, GroupRules.OnAdd(Facts(GroupRole.Member, members: 8), newcomers: 1, membersMax: 10));
    }

    [Fact]
    public void By_an_invite_one_comes_in_where_there_is_room_and_somebody_is_left()
    {
        Assert.Null(GroupRules.OnJoin(Facts(null, members: 9), membersMax: 10));
        Assert.Equal(Refusal.GroupFull, GroupRules.OnJoin(Facts(null, members: 10), membersMax: 10));
        Assert.Equal(Refusal.InviteNotFound, GroupRules.OnJoin(Facts(null, members: 0), membersMax: 10));
    }

    [Theory]
    [InlineData(GroupRole.Admin, GroupRole.Member, null)]
    [InlineData(GroupRole.Admin, GroupRole.Admin, null)]
    [InlineData(GroupRole.Admin, GroupRole.Owner, "forbidden")]
    [InlineData(GroupRole.Owner, GroupRole.Owner, null)]
    [InlineData(GroupRole.Member, GroupRole.Member, "forbidden")]
    [InlineData(null, GroupRole.Member, "not_a_member")]
    public void Who_removes_whom(GroupRole? actor, GroupRole target, string? code) =>
        Assert.Equal(code, GroupRules.OnRemove(Facts(actor, owners: 2), target)?.Code);

    [Fact]
    public void The_last_owner_is_neither_removed_nor_demoted_and_leaves_last()
    {
        var alone = Facts(GroupRole.Owner, members: 3, owners: 1);
        Assert.Equal(Refusal.LastOwner, GroupRules.OnRemove(alone, GroupRole.Owner));
        Assert.Equal(Refusal.LastOwner, GroupRules.OnGive(alone, GroupRole.Owner, GroupRole.Admin));
        Assert.Null(GroupRules.OnGive(alone, GroupRole.Owner, GroupRole.Owner));
        Assert.Equal(Refusal.LastOwner, GroupRules.OnLeave(alone));

        Assert.Null(GroupRules.OnLeave(alone with { MemberCount = 1 }));
        Assert.Null(GroupRules.OnLeave(alone with { OwnerCount = 2 }));
        Assert.Null(GroupRules.OnGive(alone with { OwnerCount = 2 }, GroupRole.Owner, GroupRole.Member));
        Assert.Null(GroupRules.OnLeave(alone with { ActorRole = GroupRole.Admin }));
    }

    [Fact]
    public void Only_owners_give_roles_and_only_to_members()
    {
        Assert.Equal(
            Refusal.Forbidden, GroupRules.OnGive(Facts(GroupRole.Admin), GroupRole.Admin, GroupRole.Owner));
        Assert.Null(GroupRules.OnGive(Facts(GroupRole.Owner), GroupRole.Member, GroupRole.Owner));
        Assert.Equal("invalid", GroupRules.OnGive(Facts(GroupRole.Owner), null, GroupRole.Admin)?.Code);
    }

    [Theory]
    [InlineData(ContentKind.Text, true)]
    [InlineData(ContentKind.Image, true)]
    [InlineData(ContentKind.Edit, true)]
    [InlineData(ContentKind.Reaction, false)]
    [InlineData(ContentKind.Delete, false)]
    public void Where_only_admins_send_a_member_may_react_and_take_back(ContentKind kind, bool isRefused)
    {
        var closed = Settings with { OnlyAdminsSend = true };
        Assert.Equal(isRefused ? Refusal.Forbidden : null, GroupRules.OnSend(closed, GroupRole.Member, kind));
        Assert.Null(GroupRules.OnSend(closed, GroupRole.Admin, kind));
        Assert.Null(GroupRules.OnSend(Settings, GroupRole.Member, kind));
    }

    private static GroupFacts Facts(GroupRole? actor, int members = 5, int owners = 1) =>
        new(1, Settings, members, owners, actor, []);
}
