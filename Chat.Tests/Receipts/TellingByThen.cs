using Chat.Ids;
using Chat.Overload;
using Chat.Receipts;
using Chat.Tests.Harness;
using Chat.Users;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>A receipt that was held under load, or counted, is told to those alone who may see it by then.</summary>
[Collection(ProcessTests.Collection)]
public sealed class TellingByThen
{
    /// <summary>Once there is load there is no end of it, and nothing is written before somebody asks.</summary>
    private static readonly (string, string)[] Held =
    [
        ("Chat:Overload:FallAfter", "01:00:00"),
        ("Chat:Overload:ReceiptsApartTimes", "100000"),
    ];

    [Fact]
    public async Task Who_may_see_it_gets_what_was_held()
    {
        await using var silo = await LoneSilo.StartAsync(Held);
        var (alice, bob, chat) = await ReadUnderLoadAsync(silo);

        var receipt = Assert.Single(await ReceiptsOnceWrittenAsync(silo, chat, alice));

        Assert.Equal((bob, 1L), (receipt.UserId, receipt.ReadSeq));
    }

    [Fact]
    public async Task Who_came_to_hide_his_reading_is_not_told_of()
    {
        await using var silo = await LoneSilo.StartAsync(Held);
        var (alice, bob, chat) = await ReadUnderLoadAsync(silo);

        await silo.Grains.GetUser(bob).SetPrivacy(new PrivacyChange(null, ReadReceipts: false));

        Assert.Empty(await ReceiptsOnceWrittenAsync(silo, chat, alice));
    }

    [Fact]
    public async Task Nor_is_who_came_to_block()
    {
        await using var silo = await LoneSilo.StartAsync(Held);
        var (alice, bob, chat) = await ReadUnderLoadAsync(silo);

        Assert.Null(await silo.Grains.GetUser(bob).Block(alice));

        Assert.Empty(await ReceiptsOnceWrittenAsync(silo, chat, alice));
    }

    [Fact]
    public async Task An_author_who_was_removed_is_told_no_more()
    {
        await using var silo = await LoneSilo.StartAsync(Held);
        var users = await silo.WelcomeAsync(3);
        var (alice, bob, carol) = (users[0], users[1], users[2]);
        var chat = await silo.GatherAsync(users);
        var seq = await silo.SaysAsync(chat, bob);
        silo.Get<LoadGauge>().Refused();
        await silo.ReadsAsync(chat, carol, seq);

        Assert.Null(await silo.Grains.GetGroup(chat).RemoveMember(alice, bob, origin: 0));

        await silo.Grains.GetConversation(chat).GetReceipts(alice, seq);
        Assert.DoesNotContain(await silo.PushedToAsync(bob, chat), push => push.Receipt is not null);
        Assert.Contains(await silo.PushedToAsync(carol, chat), push => push.Receipt is not null);
    }

    [Fact]
    public async Task Where_nobody_can_say_who_may_see_it_all_are_told_to_resume()
    {
        await using var silo = await LoneSilo.StartAsync(Held);
        var (alice, _, chat) = await ReadUnderLoadAsync(silo);
        await silo.CloseAsync(chat);

        // What is left is written at the end.
        await silo.Get<ReceiptJournal>().StopAsync(CancellationToken.None);

        await silo.Pushed.UntilAsync(
            "alice to be told to resume", all => all.Any(push => push.Resync && push.Users.Contains(alice)));
        Assert.DoesNotContain(silo.Pushed.Snapshot(), push => push.Receipt is not null);
    }

    [Fact]
    public async Task A_removed_author_gets_no_counts_of_a_large_group()
    {
        await using var silo = await LoneSilo.StartAsync(("Chat:Receipts:OneByOneMembersMax", "2"));
        var users = await silo.WelcomeAsync(4);
        var (alice, bob, carol) = (users[0], users[1], users[2]);
        var chat = await silo.GatherAsync(users);
        await silo.SaysAsync(chat, bob);
        var hers = await silo.SaysAsync(chat, alice);
        Assert.Null(await silo.Grains.GetGroup(chat).RemoveMember(alice, bob, origin: 0));

        await silo.ReadsAsync(chat, carol, hers);

        // Those of the older entry are told before.
        await silo.Pushed.UntilAsync("alice to get hers", all => all.Any(push => push.Counts?.Seq == hers));
        Assert.DoesNotContain(await silo.PushedToAsync(bob, chat), push => push.Counts is not null);
    }

    /// <summary>Bob has read what Alice said, and it is held.</summary>
    private static async Task<(UserId Alice, UserId Bob, ConversationId Chat)> ReadUnderLoadAsync(LoneSilo silo)
    {
        var users = await silo.WelcomeAsync(2);
        var chat = await silo.OpenAsync(users[0], users[1]);
        await silo.SaysAsync(chat, users[0]);
        silo.Get<LoadGauge>().Refused();
        await silo.ReadsAsync(chat, users[1], 1);
        Assert.DoesNotContain(await silo.PushedToAsync(users[0], chat), push => push.Receipt is not null);
        return (users[0], users[1], chat);
    }

    private static async Task<ReceiptAdvanced[]> ReceiptsOnceWrittenAsync(
        LoneSilo silo, ConversationId chat, UserId to)
    {
        await silo.Grains.GetConversation(chat).GetReceipts(to, 1);
        return [.. (await silo.PushedToAsync(to, chat)).Select(push => push.Receipt).OfType<ReceiptAdvanced>()];
    }
}
