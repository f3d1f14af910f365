using Chat.Conversations;
using Chat.Ids;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class Resuming(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task A_new_device_gets_everything(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var chats = await ChatsOfAsync(store, bob, 3, entries: 4);

        var answer = await ResumeAsync(store, bob);

        Assert.Equal(3, answer.Conversations.Count);
        Assert.All(answer.Conversations, conversation =>
            Assert.Equal((4L, 4L), (conversation.LastSeq, conversation.Unread)));
        foreach (var chat in chats)
        {
            Assert.Equal([1L, 2, 3, 4],
                answer.Messages.Where(message => message.ConversationId == chat.Id).Select(message => message.Seq));
        }
        Assert.Null(answer.Gone);
        Assert.Empty(answer.Truncated);
    }

    [Theory, EachStore]
    public async Task A_user_without_conversations_gets_nothing(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);

        var answer = await ResumeAsync(store, new UserId(Guid.NewGuid()));

        Assert.Empty(answer.Conversations);
        Assert.Empty(answer.Messages);
    }

    [Theory, EachStore]
    public async Task Who_lacks_nothing_is_told_nothing_and_who_lacks_the_last_gets_it(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var chats = await ChatsOfAsync(store, bob, 2, entries: 4);
        HeldConversation[] held =
        [
            .. (await ResumeAsync(store, bob)).Conversations
                .Select(conversation => new HeldConversation(conversation.ConversationId, 4, conversation.Version)),
        ];
        var nothing = await ResumeAsync(store, bob, held);
        Assert.Empty(nothing.Conversations);
        Assert.Empty(nothing.Messages);

        await chats[1].SaysAsync(chats[1].Alice, "the last");
        var answer = await ResumeAsync(store, bob, held);

        Assert.Equal(chats[1].Id, Assert.Single(answer.Conversations).ConversationId);
        Assert.Equal("the last", Assert.Single(answer.Messages).Content.Text);
        Assert.Equal("the last", answer.Conversations[0].LastMessage!.Content.Text);
    }

    [Theory, EachStore]
    public async Task Entries_are_sent_although_the_version_is_known(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var chat = (await ChatsOfAsync(store, bob, 1, entries: 4))[0];
        var version = (await chat.AsSeenByAsync(bob)).Version;

        var answer = await ResumeAsync(store, bob, new HeldConversation(chat.Id, 2, version));

        Assert.Empty(answer.Conversations);
        Assert.Equal([3L, 4], answer.Messages.Select(message => message.Seq));
    }

    [Theory, EachStore]
    public async Task Of_a_conversation_that_is_named_twice_the_lower_place_holds(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var chat = (await ChatsOfAsync(store, bob, 1, entries: 4))[0];
        var lower = new HeldConversation(chat.Id, 2, null);
        var higher = new HeldConversation(chat.Id, 4, (await chat.AsSeenByAsync(bob)).Version);

        foreach (HeldConversation[] held in (HeldConversation[][])[[lower, higher], [higher, lower]])
        {
            var answer = await ResumeAsync(store, bob, held);

            Assert.Equal([3L, 4], answer.Messages.Select(message => message.Seq));
            Assert.Single(answer.Conversations);
        }
    }

    [Theory, EachStore]
    public async Task A_conversation_too_far_behind_is_truncated_and_others_are_not(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var chats = await ChatsOfAsync(store, bob, 2, entries: 3);
        await chats[0].FillAsync(chats[0].Alice, ResumeAnswer.MessagesMax - 1);

        var answer = await ResumeAsync(store, bob, new HeldConversation(chats[0].Id, 1, null));

        Assert.Equal([chats[0].Id], answer.Truncated);
        Assert.Equal(2, answer.Conversations.Count);
        Assert.Equal(3, answer.Messages.Count);
        Assert.All(answer.Messages, message => Assert.Equal(chats[1].Id, message.ConversationId));

        var closer = await ResumeAsync(store, bob, new(chats[0].Id, 2, null), new(chats[1].Id, 3, null));
        Assert.Equal(ResumeAnswer.MessagesMax, closer.Messages.Count);
        Assert.Empty(closer.Truncated);
    }

    [Theory, EachStore]
    public async Task Past_the_budget_the_newest_activity_is_answered_and_never_a_half(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var chats = new List<TestChat>();
        foreach (var entries in new[] { 600, 700, 800, 900 })
        {
            chats.Add(await TestChat.OpenAsync(store, new UserId(Guid.NewGuid()), bob));
            await chats[^1].FillAsync(chats[^1].Alice, entries);
        }

        var answer = await ResumeAsync(store, bob);

        Assert.Equal(4, answer.Conversations.Count);
        Assert.Equal(1_700, answer.Messages.Count);
        Assert.Equal([chats[1].Id, chats[0].Id], answer.Truncated);
    }

    [Theory, EachStore]
    public async Task The_budget_counts_content_too(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var chats = await ChatsOfAsync(store, bob, 2, entries: 1);
        await chats[1].FillAsync(chats[1].Alice, 300, new string('x', 16_000));

        var answer = await ResumeAsync(store, bob);

        Assert.Equal([chats[1].Id], answer.Truncated);
        Assert.Equal(chats[0].Id, Assert.Single(answer.Messages).ConversationId);
    }

    [Theory, EachStore]
    public async Task What_is_not_to_be_had_is_named(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var chat = (await ChatsOfAsync(store, bob, 1, entries: 12))[0];
        await store.SetStayAsync(chat.Id, bob, joinedSeq: 5, leftSeq: 10);
        await store.RemoveEntriesAsync(chat.Id, 7, 7);

        var answer = await ResumeAsync(store, bob, new HeldConversation(chat.Id, 2, null));

        Assert.Equal([5L, 6, 8, 9, 10], answer.Messages.Select(message => message.Seq));
        Assert.Equal([new GoneInConversation(chat.Id, 3, 4), new GoneInConversation(chat.Id, 7, 7)], answer.Gone);
        Assert.Equal(10, Assert.Single(answer.Conversations).LastSeq);
    }

    [Theory, EachStore]
    public async Task Many_who_come_back_at_once_each_get_their_own(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        UserId[] users = [.. Enumerable.Range(0, 60).Select(_ => new UserId(Guid.NewGuid()))];
        for (var i = 0; i < users.Length; i++)
        {
            var chat = await TestChat.OpenAsync(store, users[i], users[(i + 1) % users.Length]);
            await chat.FillAsync(users[i], 3, $"from {i}");
        }

        var answers = await Task.WhenAll(users.Select(user => ResumeAsync(store, user)));

        for (var i = 0; i < users.Length; i++)
        {
            var texts = answers[i].Messages.Select(message => message.Content.Text).Distinct();
            Assert.Equal(
                new[] { $"from {i}", $"from {(i + users.Length - 1) % users.Length}" }.Order(), texts.Order());
            Assert.Equal(6, answers[i].Messages.Count);
        }
    }

    private static async Task<List<TestChat>> ChatsOfAsync(TestStore store, UserId bob, int count, int entries)
    {
        var chats = new List<TestChat>();
        for (var i = 0; i < count; i++)
        {
            chats.Add(await TestChat.OpenAsync(store, new UserId(Guid.NewGuid()), bob));
            await chats[i].FillAsync(chats[i].Alice, entries);
        }
        return chats;
    }

    private static Task<ResumeAnswer> ResumeAsync(TestStore store, UserId user, params HeldConversation[] held) =>
        store.Reader.ResumeAsync(user, held, CancellationToken.None);
}
