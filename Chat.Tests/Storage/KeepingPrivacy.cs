using Chat.Conversations;
using Chat.Ids;
using Chat.Storage;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class KeepingPrivacy(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task Who_hides_reading_from_everybody_is_shown_none_and_shows_none(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await ReadByBothAsync(store);
        var before = await chat.AsSeenByAsync(chat.Alice);

        await store.Presence.SetReadingHiddenAsync(chat.Bob, from: null, hidden: true, CancellationToken.None);

        await SeesAsync(store, chat, chat.Alice, chat.Bob, readSeq: null);
        await SeesAsync(store, chat, chat.Bob, chat.Alice, readSeq: null);
        await SeesAsync(store, chat, chat.Bob, chat.Bob, readSeq: 2);
        Assert.NotEqual(before.Version, (await chat.AsSeenByAsync(chat.Alice)).Version);
        Assert.Equal(
            [chat.Bob],
            await store.Presence.FindHidingReadingAsync([chat.Alice, chat.Bob], CancellationToken.None));

        await store.Presence.SetReadingHiddenAsync(chat.Bob, from: null, hidden: false, CancellationToken.None);
        await SeesAsync(store, chat, chat.Alice, chat.Bob, readSeq: 2);
        Assert.Equal(before.Version, (await chat.AsSeenByAsync(chat.Alice)).Version);
    }

    [Theory, EachStore]
    public async Task A_block_hides_all_of_it_from_both_in_their_direct_conversation_alone(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await ReadByBothAsync(store);
        var other = await TestChat.OpenAsync(store, chat.Alice, new UserId(Guid.NewGuid()));
        await other.SaysAsync(other.Alice, "one");
        await other.MarksAsync(other.Bob, 1, 1);

        await store.Presence.SetReadingHiddenAsync(chat.Alice, from: chat.Bob, hidden: true, CancellationToken.None);

        await SeesAsync(store, chat, chat.Alice, chat.Bob, readSeq: null, deliveredSeq: 0);
        await SeesAsync(store, chat, chat.Bob, chat.Alice, readSeq: null, deliveredSeq: 0);
        await SeesAsync(store, chat, chat.Bob, chat.Bob, readSeq: 2);
        await SeesAsync(store, other, other.Alice, other.Bob, readSeq: 1, deliveredSeq: 1);
        Assert.Empty(await store.Presence.FindHidingReadingAsync([chat.Alice, chat.Bob], CancellationToken.None));
    }

    [Theory, EachStore]
    public async Task Across_a_block_nothing_says_that_the_other_one_gets_on(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await ReadByBothAsync(store);
        await chat.SaysAsync(chat.Alice, "three");
        var before = await chat.AsSeenByAsync(chat.Alice);
        await store.Presence.SetReadingHiddenAsync(chat.Bob, from: chat.Alice, hidden: true, CancellationToken.None);
        var blocked = await chat.AsSeenByAsync(chat.Alice);

        await chat.MarksAsync(chat.Bob, 3, 3);

        Assert.NotEqual(before.Version, blocked.Version);
        Assert.Equal(blocked.Version, (await chat.AsSeenByAsync(chat.Alice)).Version);
        await store.Presence.SetReadingHiddenAsync(chat.Bob, from: chat.Alice, hidden: false, CancellationToken.None);
        await SeesAsync(store, chat, chat.Alice, chat.Bob, readSeq: 3, deliveredSeq: 3);
    }

    [Theory, EachStore]
    public async Task A_block_shows_in_the_version_where_reading_was_hidden_already(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Bob, 2);
        await chat.MarksAsync(chat.Bob, 2, 2);
        await store.Presence.SetReadingHiddenAsync(chat.Bob, from: null, hidden: true, CancellationToken.None);
        var before = await chat.AsSeenByAsync(chat.Alice);

        // What she gets makes up for what she is shown no more.
        await store.Presence.SetReadingHiddenAsync(chat.Alice, from: chat.Bob, hidden: true, CancellationToken.None);
        await chat.MarksAsync(chat.Alice, 2, 0);

        Assert.NotEqual(before.Version, (await chat.AsSeenByAsync(chat.Alice)).Version);
    }

    [Theory, EachStore]
    public async Task In_a_group_a_block_hides_nothing(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = new UserId(Guid.NewGuid());
        var group = await TestGroup.CreateAsync(store, bob);
        await group.MarksAsync(bob, 1, TestChat.At(2));

        await store.Presence.SetReadingHiddenAsync(group.Olga, from: bob, hidden: true, CancellationToken.None);

        var shown = (await group.AsSeenByAsync(group.Olga)).Members!.Single(member => member.UserId == bob);
        Assert.Equal((1L, 1L), (shown.DeliveredSeq, shown.ReadSeq));
        var page = await store.Reader.GetMembersAsync(group.Olga, group.Id, null, 10, CancellationToken.None);
        Assert.Contains(shown, page!.Members);
    }

    [Theory, EachStore]
    public async Task A_time_last_seen_only_rises(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (alice, bob) = (new UserId(Guid.NewGuid()), new UserId(Guid.NewGuid()));

        await store.Presence.SaveLastSeenAsync([(alice, TestChat.At(5)), (bob, TestChat.At(1))], default);
        await store.Presence.SaveLastSeenAsync([(alice, TestChat.At(3)), (bob, TestChat.At(2))], default);

        var seen = (await store.Presence.GetLastSeenAsync([alice, bob, new UserId(Guid.NewGuid())], default))
            .ToDictionary(one => one.User, one => one.At);
        Assert.Equal(2, seen.Count);
        Assert.Equal((TestChat.At(5), TestChat.At(2)), (seen[alice], seen[bob]));
    }

    [Theory, EachStore]
    public async Task A_contact_is_somebody_whom_the_owner_has_written_to(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "hello");

        Assert.Equal(new ContactAnswer(chat.Bob, 1, 1), await FindAsync(store, chat.Alice, chat.Bob, chat, 0));
        Assert.Equal(new ContactAnswer(chat.Alice, null, 1), await FindAsync(store, chat.Bob, chat.Alice, chat, 0));
    }

    [Theory, EachStore]
    public async Task He_is_looked_for_from_a_place_on_and_found_at_his_first_entry(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        await chat.FillAsync(chat.Alice, 5);
        await chat.SaysAsync(chat.Bob, "six");
        await chat.SaysAsync(chat.Alice, "seven");
        await chat.SaysAsync(chat.Bob, "eight");

        foreach (var (after, found) in new (long, long?)[] { (0, 6), (3, 6), (5, 6), (6, 8), (7, 8), (8, null) })
            Assert.Equal(
                new ContactAnswer(chat.Alice, found, 8), await FindAsync(store, chat.Bob, chat.Alice, chat, after));
    }

    [Theory, EachStore]
    public async Task With_whom_there_is_no_conversation_is_no_contact(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var chat = await TestChat.OpenAsync(store);
        var nowhere = new ContactQuestion(chat.Bob, new ConversationId(Guid.NewGuid()), 0);

        Assert.Equal(
            [new ContactAnswer(chat.Bob, null, 0)],
            await store.Presence.FindContactsAsync(chat.Alice, [nowhere], default));
        Assert.Empty(await store.Presence.FindContactsAsync(chat.Alice, [], default));
    }

    private static async Task<ContactAnswer> FindAsync(
        TestStore store, UserId owner, UserId other, TestChat chat, long afterSeq) => Assert.Single(
            await store.Presence.FindContactsAsync(owner, [new ContactQuestion(other, chat.Id, afterSeq)], default));

    private static async Task<TestChat> ReadByBothAsync(TestStore store)
    {
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "one");
        await chat.SaysAsync(chat.Bob, "two");
        await chat.MarksAsync(chat.Alice, 2, 2);
        await chat.MarksAsync(chat.Bob, 2, 2);
        return chat;
    }

    /// <summary>By every way in which members are shown.</summary>
    private static async Task SeesAsync(
        TestStore store, TestChat chat, UserId reader, UserId member, long? readSeq, long deliveredSeq = 2)
    {
        var page = await store.Reader.GetMembersAsync(reader, chat.Id, cursor: null, 10, CancellationToken.None);
        var list = await store.Reader.ListAsync(reader, cursor: null, 10, CancellationToken.None);
        var resumed = await store.Reader.ResumeAsync(reader, [], CancellationToken.None);
        IEnumerable<Member>?[] shown =
        [
            (await chat.AsSeenByAsync(reader)).Members,
            page?.Members,
            list.Conversations.Single(one => one.ConversationId == chat.Id).Members,
            resumed.Conversations.Single(one => one.ConversationId == chat.Id).Members,
        ];
        foreach (var members in shown)
        {
            var one = Assert.IsAssignableFrom<IEnumerable<Member>>(members).Single(row => row.UserId == member);
            Assert.Equal((readSeq, deliveredSeq), (one.ReadSeq, one.DeliveredSeq));
        }
    }
}
