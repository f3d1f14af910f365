using Chat.Client;
using Chat.Tests.Language;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Groups;

/// <summary>Who was removed with something unread clears that on all his devices, and nobody hears of it.</summary>
[Collection(PromiseTests.Collection)]
public sealed class ClearingAGroupThatOneLeft(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task Whichever_gateway_he_marks_at_every_view_of_his_says_so_and_no_member_hears_of_it()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, founders: 3, ["alice", "bob", "carol"]);
        var (alice, phone, chat) = (circle.Owner, circle.Devices[1], circle.Chat);
        var tablet = await circle.People[1].OnAsync(town.Gateways[0]);
        await alice.SendOnceAsync(chat, "read");
        await phone.Chat.MarkReadAsync(chat, 2);
        await alice.Receipts.UntilAsync("alice to hear", told => told.Any(receipt => receipt.ReadSeq == 2));
        await alice.SendOnceAsync(chat, "unread");
        await alice.Chat.RemoveMemberAsync(chat, circle.People[1].Id);
        await alice.SendOnceAsync(chat, "not his");
        var unread = await circle.SeenByAsync(phone);

        var marks = await phone.Chat.MarkReadAsync(chat, 99);

        Assert.Equal(new Watermarks { DeliveredSeq = 4, ReadSeq = 4 }, marks);
        await tablet.Receipts.UntilAsync("his tablet to hear", told => told.Any(receipt => receipt.ReadSeq == 4));
        Assert.Equal(1, unread.Unread);
        await IsReadAsync(circle, phone, unread.Version);
        await IsReadAsync(circle, tablet, unread.Version);
        var receipts = (await alice.Chat.GetReceiptsAsync(chat, 3)).Members;
        Assert.Null(receipts.Single(receipt => receipt.UserId == circle.People[1].Id).ReadAt);
        // Carol's mark comes after whatever alice might have been told of bob in error.
        await circle.Devices[2].Chat.MarkReadAsync(chat, 5);
        await alice.Receipts.UntilAsync("alice to hear", told => told.Any(receipt => receipt.ReadSeq == 5));
        Assert.DoesNotContain(alice.Receipts.Snapshot(), told => told.ReadSeq is 3 or 4);
    }

    private static async Task IsReadAsync(Circle circle, Device device, string before)
    {
        Conversation[] seen =
        [
            await circle.SeenByAsync(device),
            Of((await device.Owner.RestAt(device.Chat.Gateway!).GetConversationsAsync()).Conversations),
            Of((await device.Chat.InvokeRawAsync<ResumeAnswer>(
                HubMethods.Resume,
                new ResumeRequest
                {
                    Conversations = [new() { ConversationId = circle.Chat, Seq = 4, Version = before }],
                }))
                .Conversations),
        ];
        Assert.All(seen, one => Assert.Equal((0L, 4L, 4L), (one.Unread, one.ReadSeq, one.LastSeq)));

        Conversation Of(IEnumerable<Conversation> conversations) =>
            conversations.Single(one => one.ConversationId == circle.Chat);
    }
}
