using Chat.Client;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Two who have blocked each other: no message and no receipt, in either direction.</summary>
[Collection(PromiseTests.Collection)]
public sealed class Blocking(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task It_refuses_sends_and_hides_receipts_both_ways_until_it_is_lifted()
    {
        await using var town = await house.EnterAsync(output);
        var (people, alice, bob, chat) = await town.TalkingAsync();
        await alice.InsistAsync(chat, "one");
        await bob.InsistAsync(chat, "two");
        await bob.HearsAsync("one");

        await alice.Chat.BlockAsync(people[1].Id);
        foreach (var device in new[] { alice, bob }) await BlockedAsync(() => device.SendOnceAsync(chat, "refused"));
        await BlockedAsync(
            () => people[1].RestAt(town.Gateways[0]).SendAsync(chat, "by REST", Content.OfText("refused")));
        await bob.Chat.MarkReadAsync(chat, 1);
        await alice.Chat.MarkReadAsync(chat, 2);
        var asked = await alice.Chat.GetReceiptsAsync(chat, 1);
        Assert.Equal((0, 0, 1), (asked.DeliveredCount, asked.ReadCount, asked.MemberCount));

        await alice.Chat.UnblockAsync(people[1].Id);
        await alice.InsistAsync(chat, "three");
        await bob.HearsAsync("three");
        await bob.InsistAsync(chat, "four");
        await alice.HearsAsync("four");
        // Pushes keep their order, so receipts of the time of the block would have come before these.
        Assert.Empty(alice.Receipts.Snapshot());
        Assert.Empty(bob.Receipts.Snapshot());
        await bob.Chat.MarkReadAsync(chat, 3);
        await alice.Receipts.UntilAsync("Bob's receipt", heard => heard.Any(receipt => receipt.ReadSeq == 3));
        Assert.Equal(["one", "two", "three", "four"], (await bob.ReadAllAsync(chat)).Select(m => m.Content.Text));
    }

    [Fact]
    public async Task It_outlives_the_silos_that_knew_of_it()
    {
        await using var town = await house.EnterAsync(output);
        var (people, alice, bob, chat) = await town.TalkingAsync();
        await alice.InsistAsync(chat, "one");
        await bob.Chat.BlockAsync(people[0].Id);
        await using var view = await ClusterView.OpenAsync(house.Cluster);

        await (await view.SiloOfAsync(people[1]))!.KillAsync();

        await BlockedAsync(() => Device.AskAsync(() => alice.SendOnceAsync(chat, "refused")));
        await BlockedAsync(() => Device.AskAsync(() => bob.SendOnceAsync(chat, "refused")));
        Assert.Single(await bob.ReadAllAsync(chat));
    }

    private static async Task BlockedAsync(Func<Task> send)
    {
        var refusal = await Assert.ThrowsAsync<ChatException>(send);
        Assert.Equal(ErrorCodes.Blocked, refusal.Code);
        Assert.False(refusal.Retryable);
    }
}
