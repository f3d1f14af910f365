using Chat.Receipts;
using Chat.Storage;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class RaisingWatermarks(SharedPostgres postgres)
{
    private static readonly DateTimeOffset Noon = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, EachStore]
    public async Task They_only_rise_each_for_itself_and_reading_implies_having(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 9);
        await chat.MarksAsync(chat.Bob, 5, 3);
        await chat.MarksAsync(chat.Bob, 4, 0);
        await chat.MarksAsync(chat.Bob, 2, 4);
        Assert.Equal(new Watermarks(5, 4), await WatermarksAsync(chat));

        await chat.MarksAsync(chat.Bob, 0, 8);

        Assert.Equal(new Watermarks(8, 8), await WatermarksAsync(chat));
        var seen = await chat.AsSeenByAsync(chat.Alice);
        Assert.Equal((8L, 8L), seen.Members!.Where(member => member.UserId == chat.Bob)
            .Select(member => (member.DeliveredSeq, member.ReadSeq!.Value)).Single());
    }

    [Theory, EachStore]
    public async Task Several_steps_of_one_member_in_one_call_all_count(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 9);
        await store.Log.RaiseWatermarksAsync(
            [Step(3, 0, 0), Step(6, 2, 10), Step(5, 5, 20), new(chat.Id, chat.Alice, new(1, 1), Noon)],
            CancellationToken.None);

        Assert.Equal(new Watermarks(6, 5), await WatermarksAsync(chat));
        Assert.Equal((Noon, Noon.AddSeconds(10)), await TimesAsync(chat, 2));
        Assert.Equal((Noon.AddSeconds(10), Noon.AddSeconds(20)), await TimesAsync(chat, 5));

        WatermarkStep Step(long delivered, long read, int second) =>
            new(chat.Id, chat.Bob, new Watermarks(delivered, read), Noon.AddSeconds(second));
    }

    [Theory, EachStore]
    public async Task Receipts_say_when_an_entry_was_first_passed_to_the_second(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 9);
        await chat.MarksAsync(chat.Bob, 4, 0, Noon.AddMilliseconds(999));
        await chat.MarksAsync(chat.Bob, 7, 5, Noon.AddSeconds(10));
        await chat.MarksAsync(chat.Bob, 7, 5, Noon.AddSeconds(20));
        await chat.MarksAsync(chat.Bob, 3, 2, Noon.AddSeconds(30));

        Assert.Equal((Noon, Noon.AddSeconds(10)), await TimesAsync(chat, 1));
        Assert.Equal((Noon, Noon.AddSeconds(10)), await TimesAsync(chat, 4));
        Assert.Equal((Noon.AddSeconds(10), Noon.AddSeconds(10)), await TimesAsync(chat, 5));
        Assert.Equal((Noon.AddSeconds(10), null), await TimesAsync(chat, 7));
        Assert.Equal((null, null), await TimesAsync(chat, 8));
    }

    [Theory, EachStore]
    public async Task The_sender_and_who_was_not_there_are_not_among_the_receivers(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 3);
        await chat.SaysAsync(chat.Bob, "4");

        Assert.Equal([chat.Bob], await ReceiversAsync(2));
        Assert.Equal([chat.Alice], await ReceiversAsync(4));
        await store.SetStayAsync(chat.Id, chat.Bob, joinedSeq: 2, leftSeq: 2);
        Assert.Empty(await ReceiversAsync(1));
        Assert.Equal([chat.Bob], await ReceiversAsync(2));
        Assert.Empty(await ReceiversAsync(3));

        async Task<IEnumerable<Ids.UserId>> ReceiversAsync(long seq) =>
            (await store.Log.GetReceiptsAsync(chat.Id, seq, CancellationToken.None)).Select(receipt => receipt.UserId);
    }

    [Theory, EachStore]
    public async Task Marks_at_once_from_everywhere_come_to_the_highest(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 40);

        await Task.WhenAll(Enumerable.Range(1, 40).Reverse().Select(seq =>
            Task.Run(() => chat.MarksAsync(chat.Bob, seq, seq / 2))));

        Assert.Equal(new Watermarks(40, 20), await WatermarksAsync(chat));
    }

    private static async Task<Watermarks> WatermarksAsync(TestChat chat)
    {
        var opened = await chat.TakeOverAsync();
        return opened.Members.Single(member => member.UserId == chat.Bob).Watermarks;
    }

    private static async Task<(DateTimeOffset?, DateTimeOffset?)> TimesAsync(TestChat chat, long seq)
    {
        var receipt = Assert.Single(await chat.ReceiptsAsync(seq));
        return (receipt.DeliveredAt, receipt.ReadAt);
    }
}
