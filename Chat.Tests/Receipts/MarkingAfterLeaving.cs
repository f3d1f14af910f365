using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>What somebody marks after he has left a group is between him and his own devices.</summary>
[Collection(ProcessTests.Collection)]
public sealed class MarkingAfterLeaving
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_taken_up_to_where_he_left_and_told_to_himself_alone(bool opensAnew)
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(3);
        var (alice, bob, carol) = (users[0], users[1], users[2]);
        var chat = await silo.GatherAsync(users);
        await silo.SaysAsync(chat, alice);
        var left = await RemoveAsync(silo, chat, alice, bob);
        await silo.SaysAsync(chat, carol);
        if (opensAnew) await silo.CloseAsync(chat);

        var first = await MarkAsync(silo, chat, bob, left + 1);
        var again = await MarkAsync(silo, chat, bob, left);

        Assert.Equal(new MarkOutcome(new Watermarks(left, left), new Watermarks(left, left)), first.Value);
        Assert.Equal(first.Value, again.Value);
        var told = Assert.Single(await ReceiptsToAsync(silo, bob, chat));
        Assert.Equal((bob, left, (long?)left), (told.UserId, told.DeliveredSeq, told.ReadSeq));
        Assert.Empty(await ReceiptsToAsync(silo, alice, chat));
        Assert.Empty(await ReceiptsToAsync(silo, carol, chat));
    }

    [Fact]
    public async Task What_he_had_marked_as_a_member_is_in_message_info_at_once()
    {
        await using var silo = await StartWithoutFlushesAsync();
        var users = await silo.WelcomeAsync(2);
        var (alice, bob) = (users[0], users[1]);
        var chat = await silo.GatherAsync(users);
        var read = await silo.SaysAsync(chat, alice);
        await silo.ReadsAsync(chat, bob, read);
        await RemoveAsync(silo, chat, alice, bob);

        var info = (await silo.Grains.GetConversation(chat).GetReceipts(alice, read)).Value!;

        Assert.NotNull(Assert.Single(info.Members).ReadAt);
    }

    [Fact]
    public async Task What_he_had_marked_as_a_member_keeps_its_time()
    {
        await using var silo = await StartWithoutFlushesAsync();
        var users = await silo.WelcomeAsync(2);
        var (alice, bob) = (users[0], users[1]);
        var chat = await silo.GatherAsync(users);
        var read = await silo.SaysAsync(chat, alice);
        var unread = await silo.SaysAsync(chat, alice);
        await silo.ReadsAsync(chat, bob, read);
        var left = await RemoveAsync(silo, chat, alice, bob);

        Assert.Null((await MarkAsync(silo, chat, bob, left)).Refusal);

        Assert.NotNull((await ReceiptAsync(read)).ReadAt);
        Assert.Null((await ReceiptAsync(unread)).ReadAt);

        async Task<MemberReceipt> ReceiptAsync(long seq) =>
            Assert.Single((await silo.Grains.GetConversation(chat).GetReceipts(alice, seq)).Value!.Members);
    }

    [Fact]
    public async Task Who_was_never_a_member_is_refused()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(3);
        var chat = await silo.GatherAsync(users[..2]);

        Assert.Equal(Refusal.NotAMember, (await MarkAsync(silo, chat, users[2], 1)).Refusal);
    }

    /// <summary>Nothing is written by itself before he has left.</summary>
    private static Task<LoneSilo> StartWithoutFlushesAsync() => LoneSilo.StartAsync(
        ("Chat:Receipts:FlushEvery", "01:00:00"), ("Chat:Receipts:PromptFlushes", "0"));

    /// <returns>The entry that says so.</returns>
    private static async Task<long> RemoveAsync(LoneSilo silo, ConversationId chat, UserId owner, UserId user)
    {
        Assert.Null(await silo.Grains.GetGroup(chat).RemoveMember(owner, user, origin: 0));
        var pushed = await silo.PushedToAsync(user, chat);
        return pushed.Single(push => push.Message?.Content.Event == "memberRemoved").Message!.Seq;
    }

    private static async Task<Answer<MarkOutcome>> MarkAsync(
        LoneSilo silo, ConversationId chat, UserId user, long seq) =>
        (await silo.Grains.GetConversation(chat).Mark([new ReceiptMark(user, new Watermarks(seq, seq), Origin: 0)]))[0];

    private static async Task<ReceiptAdvanced[]> ReceiptsToAsync(LoneSilo silo, UserId user, ConversationId chat) =>
        [.. (await silo.PushedToAsync(user, chat)).Select(push => push.Receipt).OfType<ReceiptAdvanced>()];
}
