using Chat.Client;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Who hides his reading: what he got is still told, what he read is not; and he is told no more.</summary>
[Collection(PromiseTests.Collection)]
public sealed class HidingReading(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task It_leaves_reading_out_everywhere_and_for_both_until_it_is_shown_again()
    {
        await using var town = await house.EnterAsync(output);
        var (people, alice, bob, chat) = await town.TalkingAsync();
        await alice.InsistAsync(chat, "one");
        await bob.HearsAsync("one");
        await bob.Chat.MarkReadAsync(chat, 1);
        await ReadAsync(alice, people[1], 1);

        await bob.Chat.SetPrivacyAsync(new Privacy { ReadReceipts = false });
        await alice.InsistAsync(chat, "two");
        await bob.InsistAsync(chat, "three");
        await bob.HearsAsync("two");
        await alice.HearsAsync("three");
        await bob.Chat.MarkDeliveredAsync(chat, 2);
        await DeliveredAsync(alice, people[1], 2);
        var told = alice.Receipts.Snapshot().Count;
        await bob.Chat.MarkReadAsync(chat, 2);
        await alice.Chat.MarkReadAsync(chat, 3);
        await DeliveredAsync(bob, people[0], 3);

        Assert.Null(bob.Receipts.Snapshot()[^1].ReadSeq);
        Assert.Null((await ShownAsync(alice, chat, people[1])).ReadSeq);
        Assert.Null((await ShownAsync(bob, chat, people[0])).ReadSeq);
        Assert.NotNull((await ShownAsync(bob, chat, people[1])).ReadSeq);
        var info = await alice.Chat.GetReceiptsAsync(chat, 2);
        Assert.Equal((1, 0), (info.DeliveredCount, info.ReadCount));
        Assert.Null(Assert.Single(info.Members).ReadAt);
        Assert.Equal(0, (await bob.Chat.GetReceiptsAsync(chat, 3)).ReadCount);

        await bob.Chat.SetPrivacyAsync(new Privacy { ReadReceipts = true });
        await alice.InsistAsync(chat, "four");
        await bob.HearsAsync("four");
        await bob.Chat.MarkReadAsync(chat, 4);
        await ReadAsync(alice, people[1], 4);
        // Between the two nothing was told of his reading, not even that there was any.
        Assert.All(alice.Receipts.Snapshot().Skip(told).SkipLast(1), receipt => Assert.NotEqual(2, receipt.ReadSeq));
        Assert.Equal(4, (await ShownAsync(alice, chat, people[1])).ReadSeq);
    }

    [Fact]
    public async Task In_a_group_the_others_go_on_seeing_one_another()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Groups.Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol"]);
        var (alice, bob, carol) = (circle.Devices[0], circle.Devices[1], circle.Devices[2]);
        await bob.Chat.SetPrivacyAsync(new Privacy { ReadReceipts = false });
        var sent = await alice.InsistAsync(circle.Chat, "one");

        await bob.Chat.MarkReadAsync(circle.Chat, sent.Seq);
        await carol.Chat.MarkReadAsync(circle.Chat, sent.Seq);

        await ReadAsync(alice, circle.People[2], sent.Seq);
        await DeliveredAsync(alice, circle.People[1], sent.Seq);
        Assert.DoesNotContain(
            alice.Receipts.Snapshot(),
            receipt => receipt.UserId == circle.People[1].Id && receipt.ReadSeq is not null);
        Assert.Null((await ShownAsync(carol, circle.Chat, circle.People[1])).ReadSeq);
        Assert.Equal(sent.Seq, (await ShownAsync(alice, circle.Chat, circle.People[2])).ReadSeq);
        Assert.Null((await ShownAsync(bob, circle.Chat, circle.People[2])).ReadSeq);
        var info = await alice.Chat.GetReceiptsAsync(circle.Chat, sent.Seq);
        Assert.Equal((2, 1), (info.DeliveredCount, info.ReadCount));
    }

    [Fact]
    public async Task A_block_hides_it_from_both_in_what_they_read()
    {
        await using var town = await house.EnterAsync(output);
        var (people, alice, bob, chat) = await town.TalkingAsync();
        await alice.InsistAsync(chat, "one");
        await bob.HearsAsync("one");
        await bob.Chat.MarkReadAsync(chat, 1);
        await ReadAsync(alice, people[1], 1);

        await alice.Chat.BlockAsync(people[1].Id);

        Assert.Equal((0, null), Marks(await ShownAsync(alice, chat, people[1])));
        Assert.Equal((0, null), Marks(await ShownAsync(bob, chat, people[0])));
        var info = await alice.Chat.GetReceiptsAsync(chat, 1);
        Assert.Equal((0, 0), (info.DeliveredCount, info.ReadCount));
        var page = await bob.Chat.GetMembersAsync(chat);
        Assert.Equal((0, null), Marks(page.Members.Single(member => member.UserId == people[0].Id)));
        await alice.Chat.UnblockAsync(people[1].Id);
        Assert.Equal((1, 1), Marks(await ShownAsync(alice, chat, people[1])));
    }

    private static (long DeliveredSeq, long? ReadSeq) Marks(Member member) => (member.DeliveredSeq, member.ReadSeq);

    private static async Task<Member> ShownAsync(Device device, string chat, Person member) =>
        (await device.Chat.GetConversationsAsync()).Conversations.Single(one => one.ConversationId == chat)
        .Members!.Single(one => one.UserId == member.Id);

    private static Task ReadAsync(Device device, Person by, long seq) => device.Receipts.UntilAsync(
        $"{device} to be told that {by} has read {seq}",
        told => told.Any(receipt => receipt.UserId == by.Id && receipt.ReadSeq == seq));

    private static Task DeliveredAsync(Device device, Person by, long seq) => device.Receipts.UntilAsync(
        $"{device} to be told that {by} has {seq}",
        told => told.Any(receipt => receipt.UserId == by.Id && receipt.DeliveredSeq == seq));
}
