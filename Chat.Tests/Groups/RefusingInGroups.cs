using Chat.Client;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>What is malformed, forbidden or at odds with another command: a coded refusal, or one winner.</summary>
[Collection(PromiseTests.Collection)]
public sealed class RefusingInGroups(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task Bad_input_is_refused_and_changes_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob", "mallory"]);
        var (alice, bob, mallory, chat) =
            (circle.Owner.Chat, circle.Devices[1].Chat, circle.Devices[2].Chat, circle.Chat);
        var (aliceId, bobId, malloryId) = (circle.People[0].Id, circle.People[1].Id, circle.People[2].Id);
        var nobody = Guid.NewGuid().ToString("N");
        string[] tenThousand = [.. Enumerable.Range(0, 10_000).Select(_ => Guid.NewGuid().ToString("N"))];

        await Circle.RefusesAsync("user_not_found", () => alice.AddMembersAsync(chat, [malloryId, nobody]));
        await Circle.RefusesAsync("user_not_found", () => alice.AddMembersAsync(chat, ["somebody"]));
        await Circle.RefusesAsync("invalid", () => alice.AddMembersAsync(chat, tenThousand));
        await Circle.RefusesAsync("invalid", () => alice.CreateGroupAsync(
            new CreateGroupRequest { Title = "t", MemberIds = tenThousand }));
        await Circle.RefusesAsync("invalid", () => alice.SetRoleAsync(chat, bobId, "king"));
        await Circle.RefusesAsync("invalid", () => alice.SetRoleAsync(chat, malloryId, "admin"));
        await Circle.RefusesAsync("invalid", () => alice.UpdateGroupAsync(
            new UpdateGroupRequest { ConversationId = chat, Title = " " }));
        await Circle.RefusesAsync("invalid", () => alice.UpdateGroupAsync(
            new UpdateGroupRequest { ConversationId = chat, HistoryVisibility = "some" }));
        await Circle.RefusesAsync("conversation_not_found", () => alice.LeaveAsync(nobody));
        await Circle.RefusesAsync("forbidden", () => bob.SetRoleAsync(chat, bobId, "owner"));
        await Circle.RefusesAsync("forbidden", () => bob.SetRoleAsync(chat, aliceId, "member"));
        await Circle.RefusesAsync("forbidden", () => bob.AddMembersAsync(chat, [malloryId]));
        await Circle.RefusesAsync("forbidden", () => bob.RemoveMemberAsync(chat, aliceId));
        await Circle.RefusesAsync("forbidden", () => bob.UpdateGroupAsync(
            new UpdateGroupRequest { ConversationId = chat, Title = "bob's" }));
        await Circle.RefusesAsync("not_a_member", () => mallory.AddMembersAsync(chat, [malloryId]));
        await Circle.RefusesAsync("not_a_member", () => mallory.RemoveMemberAsync(chat, aliceId));
        await Circle.RefusesAsync("not_a_member", () => mallory.SetRoleAsync(chat, malloryId, "owner"));
        await Circle.RefusesAsync("not_a_member", () => mallory.LeaveAsync(chat));
        await Circle.RefusesAsync("invalid", () => alice.CreateGroupAsync(new CreateGroupRequest()));
        await Circle.RefusesAsync("user_not_found", () => alice.CreateGroupAsync(
            new CreateGroupRequest { Title = "t", MemberIds = [nobody] }));

        Assert.Equal(["1 created"], await circle.LogAsync(circle.Owner));
    }

    [Fact]
    public async Task A_direct_conversation_takes_no_command_of_a_group()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var chat = await alice.OpenAsync(people[1]);

        await Circle.RefusesAsync("forbidden", () => alice.Chat.AddMembersAsync(chat, [people[2].Id]));
        await Circle.RefusesAsync("forbidden", () => alice.Chat.RemoveMemberAsync(chat, people[1].Id));
        await Circle.RefusesAsync("forbidden", () => alice.Chat.SetRoleAsync(chat, people[0].Id, "owner"));
        await Circle.RefusesAsync("forbidden", () => alice.Chat.LeaveAsync(chat));
    }

    [Fact]
    public async Task Nobody_is_put_into_a_group_by_somebody_whom_he_has_blocked()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 1, ["alice", "bob"]);
        await circle.Devices[1].Chat.BlockAsync(circle.People[0].Id);

        await Circle.RefusesAsync(
            "blocked", () => circle.Owner.Chat.AddMembersAsync(circle.Chat, [circle.People[1].Id]));

        await circle.Devices[1].Chat.UnblockAsync(circle.People[0].Id);
        await circle.Owner.Chat.AddMembersAsync(circle.Chat, [circle.People[1].Id]);
    }

    [Fact]
    public async Task Of_two_admins_who_remove_each_other_one_stays()
    {
        await using var town = await house.EnterAsync(output);
        for (var round = 0; round < 8; round++)
        {
            var circle = await Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol"]);
            var (bob, carol) = (circle.Devices[1].Chat, circle.Devices[2].Chat);
            foreach (var admin in circle.People.Skip(1))
                await circle.Owner.Chat.SetRoleAsync(circle.Chat, admin.Id, "admin");

            var ends = await Task.WhenAll(
                Circle.EndAsync(() => bob.RemoveMemberAsync(circle.Chat, circle.People[2].Id)),
                Circle.EndAsync(() => carol.RemoveMemberAsync(circle.Chat, circle.People[1].Id)));

            Assert.Equal(["done", "not_a_member"], ends.Order());
            var removed = ends[0] == "done" ? 2 : 1;
            var roles = await circle.RolesAsync(circle.Owner);
            Assert.Equal("-", roles[removed]);
            Assert.Equal("admin", roles[3 - removed]);
            string[] log = ["1 created", "2 roleChanged", "3 roleChanged", "4 memberRemoved"];
            Assert.Equal(log, await circle.LogAsync(circle.Owner));
        }
    }

    [Theory]
    [InlineData("forbidden")]
    [InlineData("last_owner")]
    public async Task Of_two_owners_who_give_it_up_at_once_one_stays_owner(string second)
    {
        await using var town = await house.EnterAsync(output);
        for (var round = 0; round < 4; round++)
        {
            var circle = await Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol"]);
            var (alice, bob, chat) = (circle.Owner.Chat, circle.Devices[1].Chat, circle.Chat);
            var (aliceId, bobId) = (circle.People[0].Id, circle.People[1].Id);
            await alice.SetRoleAsync(chat, bobId, "owner");

            var ends = second == "forbidden"
                ? await Task.WhenAll(
                    Circle.EndAsync(() => alice.SetRoleAsync(chat, bobId, "member")),
                    Circle.EndAsync(() => bob.SetRoleAsync(chat, aliceId, "member")))
                : await Task.WhenAll(
                    Circle.EndAsync(() => alice.LeaveAsync(chat)), Circle.EndAsync(() => bob.LeaveAsync(chat)));

            Assert.Equal(["done", second], ends.Order());
            Assert.Single(await circle.RolesAsync(circle.Devices[2]), role => role == "owner");
        }
    }
}
