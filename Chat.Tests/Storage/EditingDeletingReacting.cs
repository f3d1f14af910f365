using Chat.Conversations;
using Chat.Storage;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class EditingDeletingReacting(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task An_edit_gives_its_target_the_newest_text_and_keeps_the_rest(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Bob, "question");
        await chat.AppendAsync(chat.Alice, new() { Kind = ContentKind.Text, Text = "frist", ReplyTo = 1 });
        await chat.EditsAsync(chat.Alice, 2, "first");
        await chat.EditsAsync(chat.Alice, 2, "first!");

        var message = await chat.MessageAsync(chat.Bob, 2);

        Assert.Equal(new Content { Kind = ContentKind.Text, Text = "first!", ReplyTo = 1 }, message.Content);
        Assert.Equal(TestChat.At(4), message.EditedAt);
        Assert.DoesNotContain("frist", await store.AllContentsAsync(), StringComparison.Ordinal);
        Assert.Equal("first", (await chat.MessageAsync(chat.Bob, 3)).Content.Text);
    }

    [Theory, EachStore]
    public async Task An_edit_may_stand_in_one_batch_with_its_target(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);

        Assert.True(await store.Log.TryAppendAsync(
            [chat.Text(1, "one"),
             chat.Entry(2, chat.Alice, new() { Kind = ContentKind.Edit, TargetSeq = 1, Text = "two" })],
            CancellationToken.None));

        Assert.Equal("two", (await chat.MessageAsync(chat.Bob, 1)).Content.Text);
    }

    [Theory, EachStore]
    public async Task An_edit_of_anothers_message_changes_nothing(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "mine");
        await chat.EditsAsync(chat.Bob, 1, "yours");

        var message = await chat.MessageAsync(chat.Bob, 1);

        Assert.Equal("mine", message.Content.Text);
        Assert.Null(message.EditedAt);
    }

    [Theory, EachStore]
    public async Task A_delete_takes_the_text_of_the_message_and_of_all_its_edits(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "secret-1");
        await chat.EditsAsync(chat.Alice, 1, "secret-2");
        await chat.SaysAsync(chat.Alice, "kept");
        await chat.ReactsAsync(chat.Bob, 1, "👍");
        await chat.DeletesAsync(chat.Alice, 1);

        var messages = (await chat.HistoryAsync(chat.Bob)).Messages;

        Assert.Equal(
            [ContentKind.Deleted, ContentKind.Deleted, ContentKind.Text, ContentKind.Reaction, ContentKind.Delete],
            messages.Select(message => message.Content.Kind));
        Assert.Equal(Content.Deleted, messages[0].Content);
        Assert.Equal(Content.Deleted with { TargetSeq = 1 }, messages[1].Content);
        Assert.Equal((null, null), (messages[0].EditedAt, messages[0].Reactions));
        Assert.Equal(
            ("id-1", chat.Alice, TestChat.At(1)),
            (messages[0].ClientMessageId, messages[0].SenderId, messages[0].SentAt));
        Assert.DoesNotContain("secret", await store.AllContentsAsync(), StringComparison.Ordinal);
        Assert.Equal(ContentKind.Deleted, (await store.Log.GetHeadAsync(chat.Id, 1, CancellationToken.None))?.Kind);
    }

    [Theory, EachStore]
    public async Task An_edit_that_comes_after_the_delete_is_deleted_too(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "secret-1");
        Assert.True(await store.Log.TryAppendAsync(
            [chat.Entry(2, chat.Alice, new() { Kind = ContentKind.Delete, TargetSeq = 1 }),
             chat.Entry(3, chat.Alice, new() { Kind = ContentKind.Edit, TargetSeq = 1, Text = "secret-2" })],
            CancellationToken.None));
        Assert.True(await store.Log.TryAppendAsync(
            [chat.Entry(4, chat.Alice, new() { Kind = ContentKind.Edit, TargetSeq = 1, Text = "secret-3" })],
            CancellationToken.None));

        var messages = (await chat.HistoryAsync(chat.Bob)).Messages;

        var edit = Content.Deleted with { TargetSeq = 1 };
        Assert.Equal([Content.Deleted, edit, edit],
            messages.Where(message => message.Seq != 2).Select(message => message.Content));
        Assert.DoesNotContain("secret", await store.AllContentsAsync(), StringComparison.Ordinal);
    }

    [Theory, EachStore]
    public async Task A_deleted_messages_client_id_is_still_known(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "gone");
        await chat.DeletesAsync(chat.Alice, 1);

        Assert.False(await store.Log.TryAppendAsync([chat.Text(3, clientMessageId: "id-1")], CancellationToken.None));
        Assert.Equal(1, (await chat.ReconcileAsync((chat.Alice, "id-1"))).Found[0]?.Seq);
    }

    [Theory, EachStore]
    public async Task Of_each_users_reactions_the_last_one_holds(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "hi");
        await chat.ReactsAsync(chat.Bob, 1, "👍");
        await chat.ReactsAsync(chat.Alice, 1, "🎉");
        await chat.ReactsAsync(chat.Bob, 1, "🎉");

        var reaction = Assert.Single((await chat.MessageAsync(chat.Alice, 1)).Reactions!);
        Assert.Equal("🎉", reaction.Emoji);
        Assert.Equal([chat.Alice, chat.Bob], reaction.UserIds);

        await chat.ReactsAsync(chat.Bob, 1, null);
        Assert.Equal([chat.Alice], Assert.Single((await chat.MessageAsync(chat.Bob, 1)).Reactions!).UserIds);
        await chat.ReactsAsync(chat.Alice, 1, null);
        Assert.Null((await chat.MessageAsync(chat.Bob, 1)).Reactions);
    }

    [Theory, EachStore]
    public async Task The_head_of_an_entry_says_whose_and_what_it_is(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Bob, "hi");

        Assert.Equal(
            new EntryHead(1, chat.Bob, ContentKind.Text),
            await store.Log.GetHeadAsync(chat.Id, 1, CancellationToken.None));
        Assert.Null(await store.Log.GetHeadAsync(chat.Id, 2, CancellationToken.None));
    }
}
