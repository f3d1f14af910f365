using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>Who was a member at an entry decides who hears and reads it.</summary>
[Collection(PromiseTests.Collection)]
public sealed class BelongingToAGroup(PromiseCluster house, ITestOutputHelper output)
{
    [Theory]
    [InlineData("fromJoin", "3 membersAdded", "4 after")]
    [InlineData("full", "1 created", "2 before", "3 membersAdded", "4 after")]
    public async Task Who_joins_reads_as_far_back_as_the_group_says(string history, params string[] log)
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob", "carol"], history);
        var carol = circle.Devices[2];
        await circle.Devices[1].SendOnceAsync(circle.Chat, "before");

        await circle.Owner.Chat.AddMembersAsync(circle.Chat, [circle.People[2].Id]);
        await circle.Devices[1].SendOnceAsync(circle.Chat, "after");

        await carol.HearsAsync("after");
        Assert.False(carol.HasHeard("before"));
        Assert.Equal(log, await circle.LogAsync(carol));
        var seen = await circle.SeenByAsync(carol);
        Assert.Equal((history == "full" ? 1L : 3L, 1L), (seen.JoinedSeq, seen.Unread));
    }

    [Fact]
    public async Task Who_was_removed_hears_nothing_more_and_keeps_what_he_could_read()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol"]);
        var (alice, bob, carol, chat) = (circle.Owner, circle.Devices[1], circle.Devices[2], circle.Chat);
        var his = await bob.SendOnceAsync(chat, "bob's", "id-of-bobs");
        await alice.SendOnceAsync(chat, "all of us");
        await bob.HearsAsync("all of us");

        await alice.Chat.RemoveMemberAsync(chat, circle.People[1].Id);
        var left = await circle.SeenByAsync(bob);
        await alice.SendOnceAsync(chat, "without bob");
        await alice.Chat.UpdateGroupAsync(new UpdateGroupRequest { ConversationId = chat, Title = "secret" });
        await carol.HearsAsync("without bob");
        // A message to bob in another conversation comes after whatever he might have been pushed in error.
        await alice.Sends("are you cross?").To(circle.People[1]);
        await bob.HearsAsync("are you cross?");

        await bob.Changes.UntilAsync("bob to be told", changes => changes.Any(change => change.LeftSeq == 4));
        var heard = bob.Heard.Snapshot().Select(entry => entry.Message).Where(entry => entry.ConversationId == chat);
        Assert.Equal([1, 3, 4], heard.Select(message => message.Seq).Order());
        Assert.Equal(["1 created", "2 bob's", "3 all of us", "4 memberRemoved"], await circle.LogAsync(bob));
        await StaysAsync(circle, bob, left);
        Assert.Equal(his with { Duplicate = true }, await bob.SendOnceAsync(chat, "bob's", "id-of-bobs"));
        await Circle.RefusesAsync("not_a_member", () => bob.SendOnceAsync(chat, "hey"));
        await carol.Chat.MarkReadAsync(chat, 5);
        var receipts = await bob.Chat.GetReceiptsAsync(chat, 2);
        Assert.Equal((2, 0), (receipts.MemberCount, receipts.ReadCount));
        Assert.Equal(1, (await alice.Chat.GetReceiptsAsync(chat, 2)).ReadCount);
        await Circle.RefusesAsync("message_not_found", () => bob.Chat.GetReceiptsAsync(chat, 5));
        await Circle.RefusesAsync("not_a_member", () => bob.Chat.AddMembersAsync(chat, [circle.People[1].Id]));
    }

    /// <summary>What he is shown of the group, by each way, is what he was shown when he had left.</summary>
    private static async Task StaysAsync(Circle circle, Device device, Conversation left)
    {
        Assert.Equal(("circle", 2), (left.Title, left.MemberCount));
        Conversation[] seen =
        [
            await circle.SeenByAsync(device),
            (await device.Owner.RestAt(device.Chat.Gateway!).GetConversationsAsync())
                .Conversations.Single(one => one.ConversationId == circle.Chat),
            (await device.Chat.InvokeRawAsync<ResumeAnswer>(HubMethods.Resume, new ResumeRequest()))
                .Conversations.Single(one => one.ConversationId == circle.Chat),
        ];
        Assert.All(seen, one => Assert.Equal(
            (left.Title, left.MemberCount, left.Version), (one.Title, one.MemberCount, one.Version)));
    }

    [Fact]
    public async Task Who_comes_and_goes_while_much_is_said_hears_nothing_from_before_or_after()
    {
        const int rounds = 10;
        const int each = 20;
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob", "carol"]);
        var (alice, carol, chat) = (circle.Owner, circle.Devices[2], circle.Chat);
        var sends = new List<Task>();

        for (var round = 0; round < rounds; round++)
        {
            // Pipelined by both founders, so that the changes are committed together with what is said.
            SayMuch();
            await alice.Chat.AddMembersAsync(chat, [circle.People[2].Id]);
            SayMuch();
            await alice.Chat.RemoveMemberAsync(chat, circle.People[2].Id);
        }

        await Task.WhenAll(sends);
        await alice.Sends("are you there?").To(circle.People[2]);
        await carol.HearsAsync("are you there?");

        var log = await alice.ReadAllAsync(chat);
        var membership = Membership.Of(circle.People[2].Id, log, isFull: false);
        Assert.Equal(rounds, membership.Periods.Count);
        var heard = carol.Heard.Snapshot().Select(entry => entry.Message)
            .Where(entry => entry.ConversationId == chat).Select(entry => entry.Seq).ToArray();
        Assert.All(heard, seq => Assert.True(membership.WasThere(seq), $"{seq}: {membership}"));
        Assert.Distinct(heard);

        void SayMuch() => sends.AddRange(circle.Devices.Take(2).SelectMany(
            device => Enumerable.Range(0, each).Select(n => device.InsistAsync(chat, $"{device.Owner} {n}"))));
    }

    [Fact]
    public async Task Who_comes_back_reads_from_there_and_is_heard_again()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob"]);
        var (alice, bob, chat) = (circle.Owner, circle.Devices[1], circle.Chat);
        await alice.Chat.RemoveMemberAsync(chat, circle.People[1].Id);
        await alice.SendOnceAsync(chat, "alone");
        await alice.Chat.AddMembersAsync(chat, [circle.People[1].Id]);

        await bob.SendOnceAsync(chat, "back");
        await alice.HearsAsync("back");

        Assert.False(bob.HasHeard("alone"));
        Assert.Equal(["4 membersAdded", "5 back"], await circle.LogAsync(bob));
        var receipts = await alice.Chat.GetReceiptsAsync(chat, 3);
        Assert.Empty(receipts.Members);
        Assert.Equal([circle.People[0].Id], (await bob.Chat.GetReceiptsAsync(chat, 5)).Members.Select(m => m.UserId));
    }

    [Fact]
    public async Task Who_connects_while_messages_are_under_way_has_all_of_them()
    {
        const int rounds = 10;
        const int each = 20;
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 2, ["alice", "bob"]);
        for (var round = 0; round < rounds; round++)
        {
            var sends = Task.WhenAll(Enumerable.Range(1, each).Select(
                n => circle.Owner.InsistAsync(circle.Chat, $"round {round} message {n}")));
            var late = await circle.People[1].WithLogOnAsync(town.Gateways[round % 2]);
            var end = (await sends).Max(answer => answer.Seq);
            await Eventually.HoldsAsync(
                $"bob's device of round {round} to hold all up to {end}",
                () => late.Chat.GetHeldSeq(circle.Chat) >= end,
                () => $"{late.Chat.GetHeldSeq(circle.Chat)}");
            var heard = late.Heard.Snapshot().Select(entry => entry.Message.Seq).ToArray();
            Assert.Equal(Enumerable.Range(1, (int)end).Select(n => (long)n), heard);
            await late.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_receipt_goes_to_the_authors_of_what_it_passes_and_to_nobody_else()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol"]);
        var (alice, bob, carol, chat) = (circle.Owner, circle.Devices[1], circle.Devices[2], circle.Chat);
        await bob.Chat.MarkDeliveredAsync(chat, 1);
        var said = await carol.SendOnceAsync(chat, "mine");

        await bob.Chat.MarkDeliveredAsync(chat, said.Seq);
        await carol.Receipts.UntilAsync("carol to hear", told => told.Any(receipt => receipt.DeliveredSeq == said.Seq));
        // Alice's entry is marked next: what she hears then, she hears after whatever came before.
        var hers = await alice.SendOnceAsync(chat, "hers");
        await bob.Chat.MarkDeliveredAsync(chat, hers.Seq);
        await alice.Receipts.UntilAsync("alice to hear", told => told.Any(receipt => receipt.DeliveredSeq == hers.Seq));

        Assert.DoesNotContain(alice.Receipts.Snapshot(), receipt => receipt.DeliveredSeq == said.Seq);
        var info = await carol.Chat.GetReceiptsAsync(chat, said.Seq);
        Assert.Equal((2, 1), (info.MemberCount, info.DeliveredCount));
    }
}
