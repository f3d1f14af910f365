using Chat.Conversations;
using Chat.Ids;
using Chat.Storage;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class AppendingToTheLog(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task An_entry_is_read_back_as_it_was_written(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "hi");

        var message = await chat.MessageAsync(chat.Bob, 1);

        Assert.Equal(
            new Message(chat.Id, 1, "id-1", chat.Alice, TestChat.At(1), TestChat.TextOf("hi")), message);
        Assert.Equal(1, (await chat.TakeOverAsync()).LastSeq);
    }

    [Theory, EachStore]
    public async Task Every_kind_of_content_survives(string kind)
    {
        Content[] contents =
        [
            TestChat.TextOf("a\0b \u0001 \"\\ ä 漢 👍🏽 \u2028"),
            new() { Kind = ContentKind.Text, Text = "answer", ReplyTo = 1 },
            new()
            {
                Kind = ContentKind.Image,
                Text = "caption",
                Media = new Media("m1", "image/png", 640, 480, 123_456_789_012, "1QcSHQ=="),
            },
            new()
            {
                Kind = ContentKind.System,
                Event = "created",
                ActorId = new UserId(Guid.NewGuid()),
                UserIds = [new UserId(Guid.NewGuid()), new UserId(Guid.NewGuid())],
                Title = "title",
                Retention = new Retention("disappearing", 60),
            },
            new() { Kind = ContentKind.Reaction, TargetSeq = 1, Emoji = "👍" },
            new() { Kind = ContentKind.Reaction, TargetSeq = 1 },
            new() { Kind = ContentKind.Edit, TargetSeq = 2, Text = "better" },
            new() { Kind = ContentKind.Delete, TargetSeq = 3 },
        ];
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        foreach (var content in contents)
            await chat.AppendAsync(chat.Alice, content);

        var messages = (await chat.HistoryAsync(chat.Bob)).Messages;

        Assert.Equal(contents[0], messages[0].Content);
        Assert.Equal(contents[1] with { Text = "better" }, messages[1].Content);
        Assert.Equal(Content.Deleted, messages[2].Content);
        Assert.Equivalent(contents[3], messages[3].Content, strict: true);
        for (var i = 4; i < contents.Length; i++)
            Assert.Equal(contents[i], messages[i].Content);
    }

    [Theory, EachStore]
    public async Task A_system_entry_has_no_client_id_and_may_come_twice(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        var content = new Content { Kind = ContentKind.System, Event = "renamed", ActorId = chat.Alice, Title = "t" };
        NewEntry[] entries =
        [
            chat.Entry(1, chat.Alice, content) with { ClientMessageId = null },
            chat.Entry(2, chat.Alice, content) with { ClientMessageId = null },
        ];

        Assert.True(await store.Log.TryAppendAsync(entries, CancellationToken.None));

        Assert.All((await chat.HistoryAsync(chat.Bob)).Messages, message => Assert.Null(message.ClientMessageId));
    }

    [Theory, EachStore]
    public async Task A_fenced_epoch_writes_nothing(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "before");
        var fenced = chat.Writer;
        var opened = await chat.TakeOverAsync();

        Assert.True(opened.Epoch > fenced);
        Assert.False(await store.Log.TryAppendAsync([chat.Text(2, writer: fenced)], CancellationToken.None));
        Assert.False(await store.Log.TryAppendAsync(
            [chat.Text(2, writer: fenced), chat.Text(3, writer: fenced)], CancellationToken.None));
        Assert.False(await store.Log.TryAppendAsync(
            [chat.Entry(2, chat.Alice, new() { Kind = ContentKind.Delete, TargetSeq = 1 }, writer: fenced)],
            CancellationToken.None));

        var truth = await chat.ReconcileAsync((chat.Alice, "id-2"));
        Assert.Equal((opened.Epoch, 1L), (truth.Epoch, truth.LastSeq));
        Assert.Equal([null], truth.Found);
        Assert.Equal("before", (await chat.MessageAsync(chat.Bob, 1)).Content.Text);
    }

    [Theory, EachStore]
    public async Task A_duplicate_is_refused_and_found(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 2);

        Assert.False(await store.Log.TryAppendAsync(
            [chat.Text(3), chat.Text(4, clientMessageId: "id-1")], CancellationToken.None));

        var truth = await chat.ReconcileAsync((chat.Alice, "id-1"), (chat.Alice, "id-3"), (chat.Bob, "id-1"));
        Assert.Equal(2, truth.LastSeq);
        Assert.Equal([new FoundEntry(1, TestChat.At(1)), null, null], truth.Found);
    }

    [Theory, EachStore]
    public async Task The_same_client_id_of_another_sender_is_another_entry(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "mine");

        Assert.True(await store.Log.TryAppendAsync(
            [chat.Entry(2, chat.Bob, TestChat.TextOf("mine too"), clientMessageId: "id-1"),
             chat.Text(3, clientMessageId: "ID-1")],
            CancellationToken.None));
    }

    [Theory, EachStore]
    public async Task A_place_is_taken_once_and_none_is_left_out(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 3);

        foreach (var seq in new[] { 1, 3, 5 })
        {
            Assert.False(await store.Log.TryAppendAsync(
                [chat.Text(seq, clientMessageId: "new")], CancellationToken.None));
        }
        Assert.False(await store.Log.TryAppendAsync(
            [chat.Text(5, clientMessageId: "new"), chat.Text(6, clientMessageId: "newer")], CancellationToken.None));

        Assert.Equal(3, (await chat.ReconcileAsync()).LastSeq);
    }

    [Theory, EachStore]
    public async Task Of_a_batch_with_one_conflict_reconciling_tells_the_truth_for_each(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        TestChat[] chats =
            [await TestChat.OpenAsync(store), await TestChat.OpenAsync(store), await TestChat.OpenAsync(store)];
        foreach (var chat in chats)
            await chat.SaysAsync(chat.Alice, "first");
        var fenced = chats[1].Writer;
        await chats[1].TakeOverAsync();

        Assert.False(await store.Log.TryAppendAsync(
            [chats[0].Text(2), chats[1].Text(2, writer: fenced), chats[2].Text(2), chats[2].Text(3)],
            CancellationToken.None));

        // Neighbours may be written or not, but what reconciling says is what a reader sees, and a retry completes it.
        foreach (var chat in chats)
        {
            var truth = await chat.ReconcileAsync((chat.Alice, "id-2"));
            Assert.Equal(truth.LastSeq >= 2, truth.Found[0] is not null);
            Assert.Equal(truth.LastSeq, (await chat.AsSeenByAsync(chat.Bob)).LastSeq);
            if (truth.LastSeq == 1)
                Assert.True(await store.Log.TryAppendAsync([chat.Text(2)], CancellationToken.None));
        }
        Assert.Null(Assert.Single((await chats[1].ReconcileAsync((chats[1].Bob, "id-2"))).Found));
    }

    [Theory, EachStore]
    public async Task Of_two_writers_at_once_one_wins_and_the_log_has_no_holes(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        for (long seq = 1; seq <= 20; seq++)
        {
            var place = seq;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4)
                .Select(writer => chat.Text(place, clientMessageId: $"{place}-{writer}"))
                .Select(entry => Task.Run(() => store.Log.TryAppendAsync([entry], CancellationToken.None))));
            Assert.Single(outcomes, won => won);
        }
        var page = await chat.HistoryAsync(chat.Bob);
        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), page.Messages.Select(message => message.Seq));
        Assert.Null(page.Gone);
    }

    [Theory, EachStore]
    public async Task The_first_entry_lists_the_conversation_for_the_other_side(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        Assert.Equal([chat.Bob], (await chat.TakeOverAsync()).UnlistedFor);
        Assert.Empty((await store.Reader.ListAsync(chat.Bob, null, 10, CancellationToken.None)).Conversations);
        Assert.Single((await store.Reader.ListAsync(chat.Alice, null, 10, CancellationToken.None)).Conversations);

        await chat.SaysAsync(chat.Alice, "hi");

        Assert.Single((await store.Reader.ListAsync(chat.Bob, null, 10, CancellationToken.None)).Conversations);
        Assert.Empty((await chat.TakeOverAsync()).UnlistedFor);
    }

    [Theory, EachStore]
    public async Task Opening_a_direct_conversation_again_finds_it(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (alice, bob) = (new UserId(Guid.NewGuid()), new UserId(Guid.NewGuid()));
        var id = ConversationId.Direct(alice, bob, []);
        Assert.Null(await store.Log.OpenAsync(id, CancellationToken.None));
        Assert.False(await store.Reader.ExistsAsync(id, CancellationToken.None));

        Assert.True(await store.Log.CreateDirectAsync(id, alice, bob, TestChat.At(0), CancellationToken.None));
        Assert.False(await store.Log.CreateDirectAsync(id, alice, bob, TestChat.At(1), CancellationToken.None));
        Assert.True(await store.Log.CreateDirectAsync(id, bob, alice, TestChat.At(1), CancellationToken.None));

        var opened = await store.Log.OpenAsync(id, CancellationToken.None);
        Assert.Equal(new[] { alice, bob }.Order(), opened!.Members.Select(member => member.UserId).Order());
        Assert.Empty(opened.UnlistedFor);
        Assert.True(await store.Reader.ExistsAsync(id, CancellationToken.None));
    }

    [Theory, EachStore]
    public async Task A_notebook_has_one_member(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var alice = new UserId(Guid.NewGuid());
        var chat = await TestChat.OpenAsync(store, alice, alice);
        await chat.SaysAsync(alice, "buy milk");

        var seen = await chat.AsSeenByAsync(alice);

        Assert.Equal((1, 0L), (seen.MemberCount, seen.Unread));
    }
}
