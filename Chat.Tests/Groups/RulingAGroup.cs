using Chat.Client;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>Owners, admins and members over two gateways: what each may do, and that everybody learns of it.</summary>
[Collection(PromiseTests.Collection)]
public sealed class RulingAGroup(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task A_new_group_is_told_to_its_founders_and_begins_with_its_creation()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol"]);

        await circle.Devices[1].Changes.UntilAsync(
            "bob to be told of the group", changes => changes.Any(change => change.ConversationId == circle.Chat));
        var created = await circle.Devices[2].Heard.UntilAsync(
            "carol to hear the first entry", heard => heard.Any(entry => entry.Message.Content.Event == "created"));

        Assert.Equal(1, created.Single(entry => entry.Message.ConversationId == circle.Chat).Message.Seq);
        Assert.Equal(["owner", "member", "member"], await circle.RolesAsync(circle.Devices[1]));
        var seen = await circle.SeenByAsync(circle.Devices[1]);
        Assert.Equal(("group", "circle", 3, 0L), (seen.Kind, seen.Title, seen.MemberCount, seen.Unread));
    }

    [Fact]
    public async Task Each_change_is_an_entry_of_the_one_log_and_heard_by_all()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob", "carol"]);
        var (alice, chat) = (circle.Owner.Chat, circle.Chat);

        await alice.AddMembersAsync(chat, [circle.People[2].Id, circle.People[2].Id, circle.People[1].Id]);
        await alice.SetRoleAsync(chat, circle.People[1].Id, "admin");
        await circle.Devices[1].Chat.UpdateGroupAsync(
            new UpdateGroupRequest { ConversationId = chat, Title = "ring", OnlyAdminsSend = false });
        await circle.Devices[1].Chat.RemoveMemberAsync(chat, circle.People[2].Id);

        string[] log = ["1 created", "2 membersAdded", "3 roleChanged", "4 titleChanged", "5 memberRemoved"];
        Assert.Equal(log, await circle.LogAsync(circle.Owner));
        Assert.Equal(log, await circle.LogAsync(circle.Devices[1]));
        Assert.Equal(log[1..], await circle.LogAsync(circle.Devices[2]));
        await circle.Owner.Heard.UntilAsync("alice to hear all of it", heard => heard.Count == log.Length);
        await circle.Devices[2].Heard.UntilAsync("carol to hear her part", heard => heard.Count == log.Length - 1);
        Assert.Equal("ring", (await circle.SeenByAsync(circle.Owner)).Title);
    }

    [Fact]
    public async Task Each_setting_that_differs_is_an_entry_of_its_own_and_what_is_emptied_is_gone()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob"]);
        var (alice, bob, chat) = (circle.Owner.Chat, circle.Devices[1], circle.Chat);

        var changed = await alice.UpdateGroupAsync(new UpdateGroupRequest
        {
            ConversationId = chat,
            Title = "ring",
            Description = "about us",
            PictureMediaId = "m1",
            HistoryVisibility = HistoryVisibilities.Full,
            OnlyAdminsSend = true,
        });
        var seen = await circle.SeenByAsync(bob);
        var emptied = await alice.UpdateGroupAsync(
            new UpdateGroupRequest { ConversationId = chat, Description = "", PictureMediaId = "" });
        await alice.UpdateGroupAsync(
            new UpdateGroupRequest { ConversationId = chat, Description = "", PictureMediaId = "" });

        Assert.All([changed, seen], one => Assert.Equal(
            ("ring", "about us", "m1", HistoryVisibilities.Full, true),
            (one.Title, one.Description, one.PictureMediaId, one.HistoryVisibility, one.OnlyAdminsSend)));
        Assert.All([emptied, await circle.SeenByAsync(bob)], one => Assert.Equal(
            ("ring", null, null, HistoryVisibilities.Full, true),
            (one.Title, one.Description, one.PictureMediaId, one.HistoryVisibility, one.OnlyAdminsSend)));
        string[] log =
        [
            "1 created", "2 titleChanged", "3 descriptionChanged", "4 pictureChanged", "5 historyVisibilityChanged",
            "6 onlyAdminsSendChanged", "7 descriptionChanged", "8 pictureChanged",
        ];
        Assert.Equal(log, await circle.LogAsync(bob));
        var entries = (await bob.ReadAllAsync(chat)).Select(entry => entry.Content).ToArray();
        Assert.Equal(
            ("ring", HistoryVisibilities.Full, true),
            (entries[1].Title, entries[4].HistoryVisibility, entries[5].OnlyAdminsSend));
        await bob.Heard.UntilAsync("bob to hear all of it", heard => heard.Count == log.Length);
    }

    [Fact]
    public async Task What_would_change_nothing_changes_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob", "carol"]);
        var (alice, chat) = (circle.Owner.Chat, circle.Chat);

        await alice.AddMembersAsync(chat, [circle.People[0].Id, circle.People[1].Id]);
        await alice.RemoveMemberAsync(chat, circle.People[2].Id);
        await alice.SetRoleAsync(chat, circle.People[1].Id, "member");
        await alice.UpdateGroupAsync(new UpdateGroupRequest { ConversationId = chat, Title = "circle" });

        Assert.Equal(["1 created"], await circle.LogAsync(circle.Owner));
    }

    [Fact]
    public async Task A_group_never_loses_its_last_owner()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob"]);
        var (alice, bob, chat) = (circle.Owner.Chat, circle.Devices[1].Chat, circle.Chat);

        await Circle.RefusesAsync("last_owner", () => alice.LeaveAsync(chat));
        await Circle.RefusesAsync("last_owner", () => alice.SetRoleAsync(chat, circle.People[0].Id, "admin"));
        await Circle.RefusesAsync("last_owner", () => alice.RemoveMemberAsync(chat, circle.People[0].Id));
        await alice.SetRoleAsync(chat, circle.People[1].Id, "owner");
        await alice.LeaveAsync(chat);
        await Circle.RefusesAsync("not_a_member", () => alice.LeaveAsync(chat));
        await bob.LeaveAsync(chat);

        Assert.Equal(
            ["1 created", "2 roleChanged", "3 memberLeft", "4 memberLeft"], await circle.LogAsync(circle.Devices[1]));
    }

    [Fact]
    public async Task Where_only_admins_send_members_read_and_react()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob"]);
        var (alice, bob, chat) = (circle.Owner, circle.Devices[1], circle.Chat);
        var own = await bob.SendOnceAsync(chat, "while I may");

        await alice.Chat.UpdateGroupAsync(new UpdateGroupRequest { ConversationId = chat, OnlyAdminsSend = true });
        var notice = await alice.SendOnceAsync(chat, "notice");

        await Circle.RefusesAsync("forbidden", () => bob.SendOnceAsync(chat, "and I?"));
        await bob.Chat.SendAsync(chat, Content.OfReaction(notice.Seq, "👍"));
        await bob.Chat.SendAsync(chat, Content.OfDelete(own.Seq));
        await Circle.RefusesAsync(
            "forbidden", () => bob.Chat.SendAsync(chat, Content.OfDelete(notice.Seq)));
    }

    [Fact]
    public async Task Admins_delete_what_others_said_and_edit_only_their_own()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol"]);
        var (alice, bob, carol, chat) = (circle.Owner, circle.Devices[1], circle.Devices[2], circle.Chat);
        await alice.Chat.SetRoleAsync(chat, circle.People[1].Id, "admin");
        var said = await carol.SendOnceAsync(chat, "rude");
        var owners = await alice.SendOnceAsync(chat, "fine");

        await Circle.RefusesAsync("forbidden", () => bob.Chat.SendAsync(chat, Content.OfEdit(said.Seq, "polite")));
        await Circle.RefusesAsync("forbidden", () => carol.Chat.SendAsync(chat, Content.OfDelete(owners.Seq)));
        await bob.Chat.SendAsync(chat, Content.OfDelete(said.Seq));

        Assert.Equal("deleted", (await carol.ReadAllAsync(chat)).Single(entry => entry.Seq == said.Seq).Content.Kind);
    }
}
