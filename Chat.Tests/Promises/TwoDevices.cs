using Chat.Client;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Several devices of one user, over two gateways: who hears what, and in which order.</summary>
[Collection(PromiseTests.Collection)]
public sealed class TwoDevices(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task An_own_message_reaches_the_other_device_and_not_the_one_that_sent_it()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var phone = await people[0].OnAsync(town.Gateways[0]);
        var tablet = await people[0].OnAsync(town.Gateways[1]);
        var neighbour = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(town.Gateways[1]);
        var chat = await phone.OpenAsync(people[1]);

        var sent = await phone.InsistAsync(chat, "from the phone");
        foreach (var device in new[] { tablet, neighbour, bob })
            Assert.Equal(sent.MessageId, (await device.HearsAsync("from the phone")).MessageId);

        // Pushes of one conversation come in order, so what the phone was to get is there with the next message.
        await bob.InsistAsync(chat, "answer");
        foreach (var device in new[] { phone, tablet, neighbour }) await device.HearsAsync("answer");
        Assert.False(phone.HasHeard("from the phone"));
        Assert.False(bob.HasHeard("answer"));
    }

    [Fact]
    public async Task Receipts_reach_the_authors_and_the_markers_own_other_devices()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var phone = await people[1].OnAsync(town.Gateways[1]);
        var tablet = await people[1].OnAsync(town.Gateways[0]);
        var chat = await alice.OpenAsync(people[1]);
        for (var n = 1; n <= 3; n++) await alice.InsistAsync(chat, $"message {n}");

        await phone.Chat.MarkReadAsync(chat, 3);

        foreach (var device in new[] { alice, tablet })
        {
            var receipts = await device.Receipts.UntilAsync(
                $"Bob's receipt at {device}", heard => heard.Any(receipt => receipt.ReadSeq == 3));
            Assert.All(receipts, receipt => Assert.Equal(people[1].Id, receipt.UserId));
        }

        Assert.Equal(3, (await phone.Chat.MarkDeliveredAsync(chat, 1)).DeliveredSeq);
        await alice.InsistAsync(chat, "behind all receipts");
        await phone.HearsAsync("behind all receipts");
        Assert.Empty(phone.Receipts.Snapshot());
    }

    [Fact]
    public async Task A_mark_that_passes_only_ones_own_messages_is_told_to_nobody_else()
    {
        await using var town = await house.EnterAsync(output);
        var (_, alice, bob, chat) = await town.TalkingAsync();
        await alice.InsistAsync(chat, "hers");
        await bob.Chat.MarkReadAsync(chat, 1);
        await bob.InsistAsync(chat, "his");

        Assert.Equal(2, (await bob.Chat.MarkReadAsync(chat, 2)).ReadSeq);
        await alice.InsistAsync(chat, "hers again");
        await bob.Chat.MarkReadAsync(chat, 3);

        var told = await alice.Receipts.UntilAsync(
            "Bob's receipt", heard => heard.Any(receipt => receipt.ReadSeq == 3));
        Assert.DoesNotContain(told, receipt => receipt.ReadSeq == 2);
    }

    [Fact]
    public async Task An_edit_that_comes_behind_the_delete_brings_the_text_back_to_nobody()
    {
        await using var town = await house.EnterAsync(output);
        var (_, alice, bob, chat) = await town.TalkingAsync();

        for (var round = 0; round < 10; round++)
        {
            var said = await alice.InsistAsync(chat, "said");
            // The first holds the connection's call to the conversation, so that the two behind it travel together.
            var calls = new[] { Content.OfText("first"), Content.OfDelete(said.Seq), Content.OfEdit(said.Seq, "back") }
                .Select(content => Record.ExceptionAsync(() => alice.SendOnceAsync(chat, content))).ToArray();
            await Task.WhenAll(calls);
        }

        await alice.InsistAsync(chat, "done");
        await bob.HearsAsync("done");
        Assert.DoesNotContain(bob.Heard.Snapshot(), entry => entry.Message.Content.Text == "back");
        Assert.DoesNotContain(await bob.ReadAllAsync(chat), message => message.Content.Text == "back");
    }

    [Fact]
    public async Task Sends_that_one_connection_pipelines_get_their_places_in_order()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var chats = new[] { await alice.OpenAsync(people[1]), await alice.OpenAsync(people[2]) };

        // Turn by turn into two conversations, none awaited.
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 400).Select(n => alice.SendOnceAsync(chats[n % 2], $"{n}")).ToArray());

        foreach (var chat in chats)
        {
            var seqs = answers.Where(answer => answer.ConversationId == chat).Select(answer => answer.Seq);
            Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), seqs);
        }
    }

    [Fact]
    public async Task A_duplicate_from_another_device_gets_the_first_answer_again()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var phone = await people[0].OnAsync(town.Gateways[0]);
        var tablet = await people[0].OnAsync(town.Gateways[1]);
        var chat = await phone.OpenAsync(people[1]);

        var first = await phone.SendOnceAsync(chat, "once", "the id");
        await phone.SendOnceAsync(chat, "something else");
        var again = await tablet.SendOnceAsync(chat, "other words", "the id");
        var overRest = await people[0].RestAt(town.Gateways[1]).SendAsync(chat, "the id", Content.OfText("by REST"));

        Assert.False(first.Duplicate);
        Assert.Equal(first with { Duplicate = true }, again);
        Assert.Equal(first with { Duplicate = true }, overRest);
        Assert.Equal(["once", "something else"], (await tablet.ReadAllAsync(chat)).Select(m => m.Content.Text));
        // The same id of somebody else is another message.
        var bob = await people[1].OnAsync(town.Gateways[1]);
        Assert.Equal(3, (await bob.SendOnceAsync(chat, "mine", "the id")).Seq);
    }

    [Fact]
    public async Task A_duplicate_is_known_to_whoever_opens_the_conversation_anew()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var chat = await alice.OpenAsync(people[1]);
        var first = await alice.SendOnceAsync(chat, "once", "the id");
        await using var view = await ClusterView.OpenAsync(house.Cluster);

        await (await view.SiloOfChatAsync(chat))!.KillAsync();
        var again = await alice.InsistAsync(chat, "once", "the id");

        Assert.Equal(first with { Duplicate = true }, again);
        Assert.Equal(2, (await alice.InsistAsync(chat, "twice")).Seq);
    }
}
