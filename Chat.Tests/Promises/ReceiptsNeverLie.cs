using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Promise 4: watermarks only rise, also over a silo's death, and unread is what the log says.</summary>
[Collection(PromiseTests.Collection)]
public sealed class ReceiptsNeverLie(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task Unread_counts_what_others_wrote_and_is_still_there()
    {
        await using var town = await house.EnterAsync(output);
        var (_, alice, bob, chat) = await town.TalkingAsync();
        for (var n = 1; n <= 4; n++) await alice.InsistAsync(chat, $"message {n}");

        Assert.Equal(4, await UnreadAsync(bob));
        await bob.InsistAsync(chat, "an own message is not unread, and reads nothing");
        await bob.InsistAsync(chat, Content.OfReaction(1, "👍"));
        Assert.Equal(4, await UnreadAsync(bob));
        Assert.Equal(1, await UnreadAsync(alice));
        await bob.Chat.MarkReadAsync(chat, 1);
        Assert.Equal(3, await UnreadAsync(bob));
        await alice.InsistAsync(chat, Content.OfDelete(3));
        Assert.Equal(2, await UnreadAsync(bob));
        await alice.InsistAsync(chat, Content.OfEdit(4, "message 4, edited"));
        Assert.Equal(2, await UnreadAsync(bob));
        await alice.InsistAsync(chat, "message 5");
        Assert.Equal(3, await UnreadAsync(bob));
        await bob.Chat.MarkReadAsync(chat, long.MaxValue / 2);
        Assert.Equal(0, await UnreadAsync(bob));
        Assert.Equal(1, await UnreadAsync(alice));
    }

    [Fact]
    public async Task Who_opens_the_conversation_finds_what_he_has_just_marked()
    {
        const int Messages = 12;
        await using var town = await house.EnterAsync(output);
        var (_, alice, bob, chat) = await town.TalkingAsync();
        for (var n = 1; n <= Messages; n++) await alice.InsistAsync(chat, $"message {n}");

        for (var n = 1; n <= Messages; n++)
        {
            // Faster than marks are written by themselves.
            Assert.Equal(n, (await bob.Chat.MarkReadAsync(chat, n)).ReadSeq);
            var opened = await bob.Chat.OpenDirectAsync(alice.Chat.UserId);
            Assert.Equal((n, Messages - n), (opened.ReadSeq, opened.Unread));
        }
    }

    [Fact]
    public async Task A_lower_mark_changes_nothing_and_a_too_high_one_ends_at_the_log()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var phone = await people[1].OnAsync(town.Gateways[1]);
        var tablet = await people[1].OnAsync(town.Gateways[0]);
        var chat = await alice.OpenAsync(people[1]);
        for (var n = 1; n <= 5; n++) await alice.InsistAsync(chat, $"message {n}");

        Assert.Equal(new Watermarks { DeliveredSeq = 4, ReadSeq = 4 }, await phone.Chat.MarkReadAsync(chat, 4));
        Assert.Equal(new Watermarks { DeliveredSeq = 4, ReadSeq = 4 }, await tablet.Chat.MarkReadAsync(chat, 2));
        Assert.Equal(new Watermarks { DeliveredSeq = 5, ReadSeq = 4 }, await tablet.Chat.MarkDeliveredAsync(chat, 99));
        await alice.Receipts.UntilAsync("delivered 5", heard => heard.Any(receipt => receipt.DeliveredSeq == 5));
        AssertRising(alice.Receipts.Snapshot());
        var info = await alice.Chat.GetReceiptsAsync(chat, 4);
        Assert.Equal((1, 1, 1), (info.DeliveredCount, info.ReadCount, info.MemberCount));
        info = await alice.Chat.GetReceiptsAsync(chat, 5);
        Assert.Equal((1, 0, 1), (info.DeliveredCount, info.ReadCount, info.MemberCount));
    }

    [Fact]
    public async Task Over_a_silos_death_an_author_never_sees_them_fall_and_they_heal_by_themselves()
    {
        const int Messages = 120;
        await using var town = await house.EnterAsync(output);
        var (people, alice, bob, chat) = await town.TalkingAsync();
        for (var n = 1; n <= Messages; n++) await alice.InsistAsync(chat, $"message {n}");
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var doomed = (await view.SiloOfChatAsync(chat))!;

        // Faster than they are written; the silo dies with what it had gathered.
        for (var n = 1; n <= Messages / 2; n++) await bob.Chat.MarkDeliveredAsync(chat, n);
        await alice.Receipts.UntilAsync(
            "half of the receipts", heard => heard.Any(receipt => receipt.DeliveredSeq >= Messages / 2));
        await doomed.KillAsync();

        // Nobody marks again: the gateway holds what was not durable, and gives it to whoever opens the conversation.
        await Eventually.YieldsAsync(
            "Bob's mark to be there again",
            async () => (await alice.Chat.GetMembersAsync(chat)).Members.Single(m => m.UserId == people[1].Id),
            member => member.DeliveredSeq == Messages / 2);
        for (var n = (Messages / 2) + 1; n <= Messages; n++)
        {
            var seq = n;
            await Device.AskAsync(() => bob.Chat.MarkDeliveredAsync(chat, seq));
        }

        await alice.Receipts.UntilAsync(
            "the last receipt", heard => heard.Any(receipt => receipt.DeliveredSeq == Messages));
        AssertRising(alice.Receipts.Snapshot());
    }

    private static void AssertRising(IReadOnlyList<ReceiptAdvanced> heard)
    {
        for (var i = 1; i < heard.Count; i++)
        {
            Assert.True(
                heard[i].DeliveredSeq >= heard[i - 1].DeliveredSeq && heard[i].ReadSeq >= heard[i - 1].ReadSeq,
                $"After {heard[i - 1]} came {heard[i]}.");
        }
    }

    private static async Task<long> UnreadAsync(Device device) =>
        (await device.Chat.GetConversationsAsync()).Conversations.Single().Unread;
}
