using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Chat.Storage;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

/// <summary>Who was a member at an entry decides who reads it, by whichever way.</summary>
[Collection(ProcessTests.Collection)]
public sealed class BelongingToGroups(SharedPostgres postgres)
{
    private static readonly DateTimeOffset Noon = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory, EachStore]
    public async Task A_new_group_lists_for_its_founders_and_begins_with_its_creation(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);

        Assert.Equal((1, 1), await group.ReadableByAsync(bob));
        var seen = await group.AsSeenByAsync(group.Olga);
        Assert.Equal(("group", "Title", 2, "owner"), (seen.Kind, seen.Title, seen.MemberCount, seen.Role));
        Assert.Equal((0, 1, GroupSettings.FromJoin), (seen.Unread, seen.JoinedSeq, seen.HistoryVisibility));
        Assert.Equal("created", seen.LastMessage!.Content.Event);
        Assert.Null(seen.LastMessage.ClientMessageId);
        Assert.Equal(
            new[] { (group.Olga, "owner"), (bob, "member") }.Order(),
            seen.Members!.Select(member => (member.UserId, member.Role)));
        var opened = await group.TakeOverAsync();
        Assert.Equal((1L, TestGroup.Plain), (opened.LastSeq, opened.Settings));
        Assert.Equal(GroupRole.Owner, opened.Members.Single(member => member.UserId == group.Olga).Role);
    }

    [Theory, EachStore]
    public async Task A_group_is_made_once_however_often(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        var version = (await group.AsSeenByAsync(bob)).Version;

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            store.Log.CreateGroupAsync(group.New([TestGroup.Somebody()]), CancellationToken.None)));

        Assert.All(made, Assert.False);
        Assert.Equal(version, (await group.AsSeenByAsync(bob)).Version);
        Assert.Equal(2, (await group.AsSeenByAsync(bob)).MemberCount);
    }

    [Theory, EachStore]
    public async Task Who_joins_reads_from_the_entry_on_that_let_him_in(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol) = (TestGroup.Somebody(), TestGroup.Somebody());
        var group = await TestGroup.CreateAsync(store, bob);
        await group.FillAsync(3);
        Assert.Null(await group.FindAsync(carol));

        Assert.Equal(5, await group.JoinsAsync(carol));
        await group.FillAsync(2);

        Assert.Equal((5, 7), await group.ReadableByAsync(carol));
        Assert.Equal((1, 7), await group.ReadableByAsync(bob));
        var seen = await group.AsSeenByAsync(carol);
        Assert.Equal((2, 3, "member"), (seen.Unread, seen.MemberCount, seen.Role));
        Assert.Contains(seen.Members!, member => member.UserId == carol);
    }

    [Theory, EachStore]
    public async Task Who_was_removed_reads_up_to_that_entry_for_ever(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol) = (TestGroup.Somebody(), TestGroup.Somebody());
        var group = await TestGroup.CreateAsync(store, bob, carol);
        await group.FillAsync(2);
        Assert.Equal(4, await group.LeavesAsync(bob));
        var resumed = await group.ResumesAsync(bob);
        await group.FillAsync(3);
        await group.MarksAsync(carol, 7, Noon);

        Assert.Equal((1, 4), await group.ReadableByAsync(bob));
        var seen = await group.AsSeenByAsync(bob);
        Assert.Equal((4, 2), (seen.LeftSeq, seen.Unread));
        Assert.Null(seen.Members);
        Assert.Equal(resumed.Conversations[0].Version, seen.Version);
        Assert.Null(await store.Reader.GetMembersAsync(bob, group.Id, null, 10, CancellationToken.None));
        var nothing = await group.ResumesAsync(bob, 4, seen.Version);
        Assert.Empty(nothing.Messages);
        Assert.Empty(nothing.Conversations);
        Assert.Equal(2, (await group.AsSeenByAsync(carol)).MemberCount);
        Assert.DoesNotContain((await group.AsSeenByAsync(carol)).Members!, member => member.UserId == bob);
    }

    [Theory, EachStore]
    public async Task Who_has_left_is_shown_the_group_as_it_was_then_until_he_comes_back(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol, dave) = (TestGroup.Somebody(), TestGroup.Somebody(), TestGroup.Somebody());
        var group = await TestGroup.CreateAsync(store, bob, carol);
        var earlier = new GroupSettings(
            "Zoë's \"club\"", "About us", "m1", GroupSettings.Full, true, new Retention("disappearing", 60));
        await group.SetsAsync(_ => earlier);
        await group.LeavesAsync(bob);
        var left = await group.AsSeenByAsync(bob);
        Assert.Equal(
            earlier,
            new GroupSettings(
                left.Title, left.Description, left.PictureMediaId, left.HistoryVisibility!, left.OnlyAdminsSend!.Value,
                left.Retention));
        Assert.Equal(2, left.MemberCount);

        await group.SetsAsync(_ => TestGroup.Plain with { Title = "Secret" });
        await group.JoinsAsync(dave);
        await group.LeavesAsync(carol);

        Assert.Equivalent(left, await group.AsSeenByAsync(bob), strict: true);
        Assert.Empty((await group.ResumesAsync(bob, left.LastSeq, left.Version)).Conversations);
        Assert.Equal((1, left.LeftSeq!.Value), await group.ReadableByAsync(bob));
        Assert.Equal(("Secret", 2), await TitleAndCountAsync(carol));
        await group.JoinsAsync(bob);
        Assert.Equal(("Secret", 3), await TitleAndCountAsync(bob));
        await group.LeavesAsync(bob);
        await group.SetsAsync(settings => settings with { Title = "Later" });
        Assert.Equal(("Secret", 2), await TitleAndCountAsync(bob));

        async Task<(string?, int)> TitleAndCountAsync(UserId user)
        {
            var seen = await group.AsSeenByAsync(user);
            return (seen.Title, seen.MemberCount);
        }
    }

    [Theory, EachStore]
    public async Task Who_had_left_before_that_was_kept_is_shown_the_group_as_it_was_when_it_came_to_be(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol) = (TestGroup.Somebody(), TestGroup.Somebody());
        var group = await TestGroup.CreateAsync(store, bob, carol);
        await group.LeavesAsync(bob);
        await group.SetsAsync(settings => settings with { Title = "Meanwhile", OnlyAdminsSend = true });

        await store.MigrateAgainAsync("-left-view", "ALTER TABLE membership DROP COLUMN left_view;");

        var migrated = await group.AsSeenByAsync(bob);
        Assert.Equal(("Meanwhile", true, 2), (migrated.Title, migrated.OnlyAdminsSend, migrated.MemberCount));
        await group.SetsAsync(settings => settings with { Title = "Later" });
        Assert.Equivalent(migrated, await group.AsSeenByAsync(bob), strict: true);
        Assert.Equal("Later", (await group.AsSeenByAsync(carol)).Title);
    }

    [Theory, EachStore]
    public async Task A_group_that_he_left_does_not_rise_in_his_list(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var (left, other) = (await TestGroup.CreateAsync(store, bob), await TestGroup.CreateAsync(store, bob));
        await left.LeavesAsync(bob);
        await other.FillAsync(3);
        await left.FillAsync(9);

        var page = await store.Reader.ListAsync(bob, null, 1, CancellationToken.None);
        var next = await store.Reader.ListAsync(bob, page.NextCursor, 1, CancellationToken.None);

        Assert.Equal(other.Id, Assert.Single(page.Conversations).ConversationId);
        Assert.Equal(left.Id, Assert.Single(next.Conversations).ConversationId);
        Assert.Null(next.NextCursor);
    }

    [Theory, EachStore]
    public async Task Who_comes_back_reads_from_his_return_and_his_first_stay_stays_a_fact(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        await group.FillAsync(2);
        await group.MarksAsync(bob, 2, Noon);
        await group.LeavesAsync(bob);
        await group.FillAsync(2);
        Assert.Equal(7, await group.JoinsAsync(bob));
        await group.FillAsync(1);
        await group.MarksAsync(bob, 8, Noon.AddHours(1));
        Assert.Equal(9, await group.LeavesAsync(bob));
        await group.FillAsync(1);
        Assert.Equal(11, await group.JoinsAsync(bob));

        Assert.Equal((11, 11), await group.ReadableByAsync(bob));
        long[] stays = [2, 3, 8];
        foreach (var seq in Enumerable.Range(1, 11).Select(seq => (long)seq))
            Assert.Equal(stays.Contains(seq) ? [bob] : [], (await ReceiversOfTextsAsync(group, seq)));
        Assert.Equal(Noon, await ReadAtAsync(group, bob, 2));
        // What he passed after his return says nothing of what he had not read before.
        Assert.Null(await ReadAtAsync(group, bob, 3));
        Assert.Equal(Noon.AddHours(1), await ReadAtAsync(group, bob, 8));
        Assert.Equal(2, (await group.AsSeenByAsync(bob)).MemberCount);

        async Task<UserId[]> ReceiversOfTextsAsync(TestGroup of, long seq) =>
            stays.Contains(seq) || seq is 5 or 6 or 10 ? await of.ReceiversAsync(seq) : [];

        async Task<DateTimeOffset?> ReadAtAsync(TestGroup of, UserId user, long seq) =>
            (await store.Log.GetReceiptsAsync(of.Id, seq, CancellationToken.None))
                .Single(receipt => receipt.UserId == user).ReadAt;
    }

    [Theory, EachStore]
    public async Task Who_comes_right_back_has_not_read_by_that_what_he_had_left_unread(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        await group.FillAsync(1);
        var left = await group.LeavesAsync(bob);
        var back = await group.JoinsAsync(bob);

        // He begins with what lies before his return as read.
        await store.Log.RaiseWatermarksAsync(
            [new WatermarkStep(group.Id, bob, new Watermarks(back, left), Noon)], CancellationToken.None);

        var receipt = Assert.Single(await store.Log.GetReceiptsAsync(group.Id, 2, CancellationToken.None));
        Assert.Equal(new MemberReceipt(bob, null, null), receipt);
    }

    [Theory, EachStore]
    public async Task An_open_history_is_everybodys_until_it_is_closed_again(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol) = (TestGroup.Somebody(), TestGroup.Somebody());
        var group = await TestGroup.CreateAsync(store, bob);
        await group.FillAsync(3);
        var joined = await group.JoinsAsync(carol);
        var closed = await group.AsSeenByAsync(carol);

        var opened = await group.ShowsAsync(GroupSettings.Full);
        Assert.Equal((1, opened), await group.ReadableByAsync(carol));
        var full = await group.AsSeenByAsync(carol);
        Assert.Equal(GroupSettings.Full, full.HistoryVisibility);
        Assert.NotEqual(closed.Version, full.Version);
        Assert.Equal(0, full.Unread);

        var end = await group.ShowsAsync(GroupSettings.FromJoin);
        Assert.Equal((joined, end), await group.ReadableByAsync(carol));
        Assert.Equal([bob], await group.ReceiversAsync(2));
    }

    [Theory, EachStore]
    public async Task A_later_switch_neither_gives_nor_takes_from_who_has_left(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol) = (TestGroup.Somebody(), TestGroup.Somebody());
        var group = await TestGroup.CreateAsync(store);
        var joined = await group.JoinsAsync(bob, carol);
        var bobLeft = await group.LeavesAsync(bob);
        await group.ShowsAsync(GroupSettings.Full);
        Assert.Equal((joined, bobLeft), await group.ReadableByAsync(bob));

        var carolLeft = await group.LeavesAsync(carol);
        await group.ShowsAsync(GroupSettings.FromJoin);
        Assert.Equal((1, carolLeft), await group.ReadableByAsync(carol));
    }
}
