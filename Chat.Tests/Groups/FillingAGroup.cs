using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>A group holds as many as it may, by whichever way they come; one machine and SQLite are enough.</summary>
[Collection(ProcessTests.Collection)]
public sealed class FillingAGroup(ITestOutputHelper output)
{
    private const int MembersMax = 4;

    private static readonly string[] Names = ["alice", "bob", "carol", "dave", "erin", "frank"];

    [Fact]
    public async Task Past_the_limit_nobody_comes_in_until_somebody_leaves()
    {
        await using var gateway = await StartAsync();
        await using var town = Town(gateway);
        var circle = await Circle.FormAsync(town, founders: 3, Names);
        var (alice, chat) = (circle.Owner.Chat, circle.Chat);
        var invite = await alice.CreateInviteAsync(chat);

        await Circle.RefusesAsync("group_full", () => alice.CreateGroupAsync(
            new CreateGroupRequest { Title = "t", MemberIds = Ids(circle, 1, 2, 3, 4) }));
        await Circle.RefusesAsync("group_full", () => alice.CreateGroupAsync(
            new CreateGroupRequest { Title = "t", MemberIds = Ids(circle, 1, 2, 3, 4, 5) }));
        await Circle.RefusesAsync("group_full", () => alice.AddMembersAsync(chat, Ids(circle, 3, 4)));
        // Who is named twice takes one place.
        var twice = await alice.CreateGroupAsync(
            new CreateGroupRequest { Title = "t", MemberIds = Ids(circle, 1, 1, 2, 2, 3, 0) });
        Assert.Equal(MembersMax, twice.MemberCount);
        Assert.Equal(["1 created"], await circle.LogAsync(circle.Owner));
        // Who is in already takes no place.
        await alice.AddMembersAsync(chat, Ids(circle, 1, 2, 3, 3));
        await Circle.RefusesAsync("group_full", () => alice.AddMembersAsync(chat, Ids(circle, 4)));
        await Circle.RefusesAsync("group_full", () => circle.Devices[4].Chat.JoinByInviteAsync(invite.Code));
        Assert.Equal(MembersMax, (await circle.SeenByAsync(circle.Owner)).MemberCount);

        await circle.Devices[1].Chat.LeaveAsync(chat);
        await circle.Devices[4].Chat.JoinByInviteAsync(invite.Code);

        Assert.Equal(["owner", "-", "member", "member", "member", "-"], await circle.RolesAsync(circle.Owner));
        Assert.Equal(
            ["1 created", "2 membersAdded", "3 memberLeft", "4 memberJoined"], await circle.LogAsync(circle.Owner));
    }

    [Fact]
    public async Task Of_many_who_want_the_last_place_one_gets_it()
    {
        await using var gateway = await StartAsync();
        await using var town = Town(gateway);
        var circle = await Circle.FormAsync(town, founders: 3, Names);
        var (alice, chat) = (circle.Owner.Chat, circle.Chat);
        var invite = await alice.CreateInviteAsync(chat);

        var ends = await Task.WhenAll(
            Circle.EndAsync(() => alice.AddMembersAsync(chat, Ids(circle, 3))),
            Circle.EndAsync(() => circle.Devices[4].Chat.JoinByInviteAsync(invite.Code)),
            Circle.EndAsync(() => circle.Devices[5].Chat.JoinByInviteAsync(invite.Code)));

        Assert.Equal(["done", "group_full", "group_full"], ends.Order());
        Assert.Equal(MembersMax, (await circle.RolesAsync(circle.Owner)).Count(role => role != "-"));
    }

    private static string[] Ids(Circle circle, params int[] places) =>
        [.. places.Select(place => circle.People[place].Id)];

    private Task<StandaloneGateway> StartAsync() => StandaloneGateway.StartAsync(
        output, new Dictionary<string, string>(Language.Town.CheapPasswords)
        {
            ["Chat__Limits__GroupMembers"] = $"{MembersMax}",
        });

    private Town Town(StandaloneGateway gateway) => new(() => [gateway.Address], gateway.Process.Report, output);
}
