using Chat.Conversations;
using Chat.Ids;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class ReadingHistory(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task Pages_lie_where_they_were_asked_for(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 20);

        Shows(await chat.HistoryAsync(chat.Bob, limit: 5), 16, 20, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, limit: 20), 1, 20, hasMore: false);
        Shows(await chat.HistoryAsync(chat.Bob, before: 16, limit: 5), 11, 15, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, before: 6, limit: 5), 1, 5, hasMore: false);
        Shows(await chat.HistoryAsync(chat.Bob, before: 1, limit: 5), 1, 0, hasMore: false);
        Shows(await chat.HistoryAsync(chat.Bob, before: 99, limit: 5), 16, 20, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, after: 0, limit: 5), 1, 5, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, after: 15, limit: 5), 16, 20, hasMore: false);
        Shows(await chat.HistoryAsync(chat.Bob, after: 20, limit: 5), 1, 0, hasMore: false);
        Shows(await chat.HistoryAsync(chat.Bob, after: 99, limit: 5), 1, 0, hasMore: false);
        Shows(await chat.HistoryAsync(chat.Bob, around: 10, limit: 5), 8, 12, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, around: 10, limit: 1), 10, 10, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, around: 1, limit: 5), 1, 5, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, around: 20, limit: 5), 16, 20, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, around: 99, limit: 5), 16, 20, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, around: 7, limit: 50), 1, 20, hasMore: false);
    }

    [Theory, EachStore]
    public async Task An_empty_log_has_an_empty_page(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);

        Shows(await chat.HistoryAsync(chat.Alice), 1, 0, hasMore: false);
        Shows(await chat.HistoryAsync(chat.Alice, around: 3), 1, 0, hasMore: false);
    }

    [Theory, EachStore]
    public async Task A_member_reads_from_joining_to_leaving_and_the_rest_before_is_named_as_gone(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 20);
        await store.SetStayAsync(chat.Id, chat.Bob, joinedSeq: 6, leftSeq: 15);

        Shows(await chat.HistoryAsync(chat.Bob, limit: 5), 11, 15, hasMore: true);
        Shows(await chat.HistoryAsync(chat.Bob, limit: 50), 6, 15, hasMore: false, new GoneRange(1, 5));
        Shows(await chat.HistoryAsync(chat.Bob, before: 8), 6, 7, hasMore: false, new GoneRange(1, 5));
        Shows(await chat.HistoryAsync(chat.Bob, before: 4), 1, 0, hasMore: false, new GoneRange(1, 3));
        Shows(await chat.HistoryAsync(chat.Bob, after: 2, limit: 3), 6, 8, hasMore: true, new GoneRange(3, 5));
        Shows(await chat.HistoryAsync(chat.Bob, after: 13, limit: 3), 14, 15, hasMore: false);
        Shows(await chat.HistoryAsync(chat.Bob, around: 6, limit: 4), 6, 9, hasMore: true, new GoneRange(1, 5));
        var seen = await chat.AsSeenByAsync(chat.Bob);
        Assert.Equal((15L, 15L, 6L, 15L), (seen.LastSeq, seen.LastMessage!.Seq, seen.JoinedSeq, seen.LeftSeq));
    }

    [Theory, EachStore]
    public async Task What_retention_took_is_named_as_gone(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 12);
        await store.RemoveEntriesAsync(chat.Id, 1, 2);
        await store.RemoveEntriesAsync(chat.Id, 5, 6);

        var page = await chat.HistoryAsync(chat.Bob);

        Assert.Equal([3, 4, 7, 8, 9, 10, 11, 12], page.Messages.Select(message => message.Seq));
        Assert.Equal([new GoneRange(1, 2), new GoneRange(5, 6)], page.Gone);
        Assert.Equal([new GoneRange(5, 6)], (await chat.HistoryAsync(chat.Bob, before: 9, limit: 3)).Gone);
    }

    [Theory, EachStore]
    public async Task A_stranger_reads_nothing(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 2);
        var stranger = new UserId(Guid.NewGuid());

        Assert.Null(await store.Reader.GetHistoryAsync(
            stranger, chat.Id, new(null, null, null, 9), CancellationToken.None));
        Assert.Null(await store.Reader.GetAsync(stranger, chat.Id, CancellationToken.None));
        Assert.Null(await store.Reader.GetMembersAsync(stranger, chat.Id, null, 9, CancellationToken.None));
        Assert.Empty((await store.Reader.ListAsync(stranger, null, 9, CancellationToken.None)).Conversations);
        var resumed = await store.Reader.ResumeAsync(stranger, [new(chat.Id, 0, null)], CancellationToken.None);
        Assert.Empty(resumed.Conversations);
        Assert.Empty(resumed.Messages);
        Assert.Empty(resumed.Truncated);
    }

    private static void Shows(HistoryPage page, int from, int to, bool hasMore, params GoneRange[] gone)
    {
        Assert.Equal(
            Enumerable.Range(from, to - from + 1).Select(seq => (long)seq),
            page.Messages.Select(message => message.Seq));
        Assert.All(page.Messages, message => Assert.Equal($"{message.Seq}", message.Content.Text));
        Assert.Equal(hasMore, page.HasMore);
        Assert.Equal(gone, page.Gone ?? []);
    }
}
