using Chat.Conversations;
using Chat.Ids;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class ListingConversations(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task Newest_activity_comes_first_page_by_page(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var alice = new UserId(Guid.NewGuid());
        var chats = new List<TestChat>();
        for (var i = 0; i < 7; i++)
        {
            chats.Add(await TestChat.OpenAsync(store, alice, new UserId(Guid.NewGuid())));
            // The third and the fourth end at the same moment; the first stays empty.
            await chats[i].FillAsync(alice, i == 3 ? 2 : i);
        }

        var (found, cursor, pages) = (new List<Conversation>(), (string?)null, 0);
        do
        {
            var page = await store.Reader.ListAsync(alice, cursor, 3, CancellationToken.None);
            found.AddRange(page.Conversations);
            cursor = page.NextCursor;
            pages++;
        }
        while (cursor is not null);

        Assert.Equal(3, pages);
        Assert.Equal([6, 5, 4, 2, 2, 1, 0], found.Select(conversation => conversation.LastSeq));
        Assert.Equal(
            chats.Select(chat => chat.Id).Order(ById),
            found.Select(conversation => conversation.ConversationId).Order(ById));
        await Assert.ThrowsAsync<FormatException>(() =>
            store.Reader.ListAsync(alice, "nonsense", 3, CancellationToken.None));
        await Assert.ThrowsAsync<FormatException>(() =>
            store.Reader.GetMembersAsync(alice, chats[0].Id, "nonsense", 3, CancellationToken.None));
    }

    [Theory, EachStore]
    public async Task Unread_counts_texts_and_pictures_of_others_that_are_still_there(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        Assert.Equal(0, (await chat.AsSeenByAsync(chat.Bob)).Unread);
        await chat.FillAsync(chat.Alice, 4);
        await chat.SaysAsync(chat.Bob, "mine");
        await chat.ReactsAsync(chat.Alice, 1, "👍");
        await chat.AppendAsync(
            chat.Alice, new() { Kind = ContentKind.Image, Media = new("m", "image/png", 1, 1, 1, "") });
        Assert.Equal(5, (await chat.AsSeenByAsync(chat.Bob)).Unread);

        await chat.DeletesAsync(chat.Alice, 2);
        Assert.Equal(4, (await chat.AsSeenByAsync(chat.Bob)).Unread);
        await chat.MarksAsync(chat.Bob, 3, 3);
        Assert.Equal(2, (await chat.AsSeenByAsync(chat.Bob)).Unread);
        Assert.Equal(1, (await chat.AsSeenByAsync(chat.Alice)).Unread);
        await chat.MarksAsync(chat.Bob, 8, 8);
        Assert.Equal(0, (await chat.AsSeenByAsync(chat.Bob)).Unread);
    }

    [Theory, EachStore]
    public async Task A_direct_conversation_shows_both_members_and_its_last_entry(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "hello");
        await chat.MarksAsync(chat.Bob, 1, 0);

        var seen = await chat.AsSeenByAsync(chat.Bob);

        Assert.Equal(
            ("direct", 2, 1L, "hello"),
            (seen.Kind, seen.MemberCount, seen.LastSeq, seen.LastMessage!.Content.Text));
        Assert.Equal(
            new[] { new Member(chat.Alice, "member", 0, 0), new Member(chat.Bob, "member", 1, 0) }
                .OrderBy(member => member.UserId),
            seen.Members!.OrderBy(member => member.UserId));
        Assert.Equal((1L, 0L, 1L, null), (seen.DeliveredSeq, seen.ReadSeq, seen.JoinedSeq, seen.LeftSeq));
        Assert.Equal(Retention.Permanent, seen.Retention);
        Assert.Equal((null, null), (seen.HistoryVisibility, seen.OnlyAdminsSend));
    }

    [Theory, EachStore]
    public async Task The_version_changes_with_entries_and_watermarks_and_with_nothing_else(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        var versions = new List<string> { (await chat.AsSeenByAsync(chat.Alice)).Version };
        await chat.TakeOverAsync();
        Assert.Equal(versions[0], (await chat.AsSeenByAsync(chat.Alice)).Version);

        await chat.SaysAsync(chat.Alice, "hello");
        versions.Add((await chat.AsSeenByAsync(chat.Alice)).Version);
        await chat.MarksAsync(chat.Bob, 1, 0);
        versions.Add((await chat.AsSeenByAsync(chat.Alice)).Version);
        await chat.MarksAsync(chat.Bob, 1, 1);
        versions.Add((await chat.AsSeenByAsync(chat.Alice)).Version);
        await chat.EditsAsync(chat.Alice, 1, "hello!");
        versions.Add((await chat.AsSeenByAsync(chat.Alice)).Version);

        Assert.Distinct(versions);
        var listed = await store.Reader.ListAsync(chat.Alice, null, 1, CancellationToken.None);
        Assert.Equal(versions[^1], listed.Conversations[0].Version);
    }

    [Theory, EachStore]
    public async Task Members_come_page_by_page(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);

        var first = await store.Reader.GetMembersAsync(chat.Alice, chat.Id, null, 1, CancellationToken.None);
        var second = await store.Reader.GetMembersAsync(
            chat.Alice, chat.Id, first!.NextCursor, 1, CancellationToken.None);

        Assert.NotNull(first.NextCursor);
        Assert.Null(second!.NextCursor);
        Assert.Equal(
            new[] { chat.Alice, chat.Bob }.Order(),
            first.Members.Concat(second.Members).Select(member => member.UserId));
    }

    private static readonly Comparer<ConversationId> ById =
        Comparer<ConversationId>.Create((one, other) => one.Value.CompareTo(other.Value));
}
