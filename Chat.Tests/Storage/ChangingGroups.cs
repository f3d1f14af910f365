using Chat.Conversations;
using Chat.Groups;
using Chat.Storage;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

/// <summary>A change is one with the entry that says so.</summary>
[Collection(ProcessTests.Collection)]
public sealed class ChangingGroups(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task Settings_and_roles_are_read_back_and_change_the_version(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        var wished = new GroupSettings(
            "New", "About us", "m1", GroupSettings.Full, OnlyAdminsSend: true, new Retention("disappearing", 60));
        var versions = new List<string> { (await group.AsSeenByAsync(bob)).Version };

        await group.SetsAsync(_ => wished);
        versions.Add((await group.AsSeenByAsync(bob)).Version);
        await group.RecordsAsync(GroupChange.Give(bob, GroupRole.Admin));

        var seen = await group.AsSeenByAsync(bob);
        versions.Add(seen.Version);
        Assert.Distinct(versions);
        Assert.Equal(
            ("New", "About us", "m1", "admin"), (seen.Title, seen.Description, seen.PictureMediaId, seen.Role));
        Assert.Equal((true, new Retention("disappearing", 60)), (seen.OnlyAdminsSend, seen.Retention));
        var opened = await group.TakeOverAsync();
        Assert.Equal((wished, 2L), (opened.Settings, opened.MembersVersion));
        Assert.Equal(GroupRole.Admin, opened.Members.Single(member => member.UserId == bob).Role);
    }

    [Theory, EachStore]
    public async Task Who_leaves_loses_his_role_and_returns_as_a_member(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store, bob);
        await group.RecordsAsync(GroupChange.Give(bob, GroupRole.Owner));
        var left = await group.LeavesAsync(bob);
        var gone = (await group.TakeOverAsync()).Members.Single(member => member.UserId == bob);
        Assert.Equal((GroupRole.Member, left), (gone.Role, gone.LeftSeq));

        // He is no member: nothing to give.
        await group.RecordsAsync(GroupChange.Give(bob, GroupRole.Admin));
        var back = await group.JoinsAsync(bob);

        var member = (await group.TakeOverAsync()).Members.Single(member => member.UserId == bob);
        Assert.Equal((GroupRole.Member, back, null), (member.Role, member.JoinedSeq, member.LeftSeq));
        Assert.Equal((back - 1, back - 1), (member.Watermarks.DeliveredSeq, member.Watermarks.ReadSeq));
    }

    [Theory, EachStore]
    public async Task Joining_twice_and_leaving_twice_change_nothing_more(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol) = (TestGroup.Somebody(), TestGroup.Somebody());
        var group = await TestGroup.CreateAsync(store, bob);
        var joined = await group.JoinsAsync(carol);
        await group.JoinsAsync(carol, bob, group.Olga);
        var left = await group.LeavesAsync(bob);
        await group.LeavesAsync(bob);

        Assert.Equal((joined, group.LastSeq), await group.ReadableByAsync(carol));
        Assert.Equal((1, left), await group.ReadableByAsync(bob));
        Assert.Equal(2, (await group.AsSeenByAsync(carol)).MemberCount);
        Assert.Equal("owner", (await group.AsSeenByAsync(group.Olga)).Role);
    }

    [Theory, EachStore]
    public async Task A_fenced_change_writes_no_row(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol) = (TestGroup.Somebody(), TestGroup.Somebody());
        var group = await TestGroup.CreateAsync(store, bob);
        var fenced = group.Entry(new GroupChange([carol], [bob], new RoleChange(group.Olga, GroupRole.Member)));
        await group.TakeOverAsync();
        // The winner writes at the very same place, and by the same actor.
        await group.SetsAsync(settings => settings with { Title = "Won" });
        var before = await group.AsSeenByAsync(bob);

        Assert.False(await store.Log.TryAppendAsync([fenced], CancellationToken.None));
        var beyond = fenced with { Seq = group.LastSeq + 1 };
        Assert.False(await store.Log.TryAppendAsync([beyond], CancellationToken.None));

        Assert.Null(await group.FindAsync(carol));
        Assert.Equivalent(before, await group.AsSeenByAsync(bob));
        Assert.Empty((await store.Reader.ListAsync(carol, null, 10, CancellationToken.None)).Conversations);
        Assert.Equal(1, (await group.TakeOverAsync()).MembersVersion);
    }

    [Theory, EachStore]
    public async Task Of_two_writers_at_once_one_changes_and_its_entry_tells_which(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        for (var round = 0; round < 10; round++)
        {
            var people = Enumerable.Range(0, 4).Select(_ => TestGroup.Somebody()).ToArray();
            var group = await TestGroup.CreateAsync(store);
            var entries = Array.ConvertAll(people, person => group.Entry(GroupChange.Join(person)) with
            {
                Content = new Content { Kind = ContentKind.System, Event = "membersAdded", UserIds = [person] },
            });

            var takesOver = Task.Run(group.TakeOverAsync);
            var won = await Task.WhenAll(entries.Select(entry =>
                Task.Run(() => store.Log.TryAppendAsync([entry], CancellationToken.None))));
            await takesOver;

            Assert.InRange(won.Count(each => each), 0, 1);
            var page = await group.HistoryAsync(group.Olga);
            var added = page.Messages.Skip(1).SelectMany(message => message.Content.UserIds ?? []);
            var members = (await group.TakeOverAsync()).Members.Select(member => member.UserId);
            Assert.Equal(added.Append(group.Olga).Order(), members.Order());
            Assert.Equal(members.Count(), (await group.AsSeenByAsync(group.Olga)).MemberCount);
            Assert.Equal(page.Messages.Count, won.Count(each => each) + 1);
        }
    }

    [Fact]
    public async Task No_other_writer_comes_between_an_entry_and_its_change()
    {
        await using var store = await TestStore.StartAsync(EachStoreAttribute.PostgreSql, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store);
        Task<bool> append;
        Task takeOver;
        await using (var connection = await store.Postgres.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            // The entry can be written, its change not yet.
            await using (var command = connection.CreateCommand())
            {
                command.CommandText = "LOCK TABLE membership IN EXCLUSIVE MODE";
                await command.ExecuteNonQueryAsync();
            }
            append = store.Log.TryAppendAsync([group.Entry(GroupChange.Join(bob))], CancellationToken.None);
            await Eventually.YieldsAsync("the change waits", WaitingAsync, waiting => waiting == 1);
            takeOver = group.TakeOverAsync();
            await Eventually.HoldsAsync(
                "the other writer has come, or waits", async () => takeOver.IsCompleted || await WaitingAsync() == 2);
        }

        Assert.True(await append);
        await takeOver;
        Assert.Equal((2, 2), await group.ReadableByAsync(bob));

        async Task<long> WaitingAsync()
        {
            await using var command = store.Postgres.CreateCommand(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    [Theory, EachStore]
    public async Task A_change_that_is_refused_fails_no_other_group(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var (bob, carol) = (TestGroup.Somebody(), TestGroup.Somebody());
        var (fine, fenced) = (await TestGroup.CreateAsync(store), await TestGroup.CreateAsync(store));
        NewEntry[] batch = [fine.Entry(GroupChange.Join(bob)), fenced.Entry(GroupChange.Join(carol))];
        await fenced.TakeOverAsync();

        Assert.False(await store.Log.TryAppendAsync(batch, CancellationToken.None));

        Assert.Null(await fenced.FindAsync(carol));
        Assert.Equal(1, (await fenced.AsSeenByAsync(fenced.Olga)).MemberCount);
        var truth = await store.Log.ReconcileAsync(
            fine.Id, [(fine.Olga, batch[0].ClientMessageId!)], CancellationToken.None);
        Assert.NotNull(Assert.Single(truth.Found));
        Assert.Equal((2, 2), await fine.ReadableByAsync(bob));
    }

    [Theory, EachStore]
    public async Task Several_changes_in_one_batch_follow_one_another(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);
        var bob = TestGroup.Somebody();
        var group = await TestGroup.CreateAsync(store);

        Assert.True(await store.Log.TryAppendAsync(
            [group.Entry(GroupChange.Join(bob), seq: 2), group.Text(bob, 3),
             group.Entry(GroupChange.Leave(bob), seq: 4), group.Text(group.Olga, 5),
             group.Entry(GroupChange.Join(bob), seq: 6)],
            CancellationToken.None));

        Assert.Equal((6, 6), await group.ReadableByAsync(bob));
        Assert.Equal([group.Olga], await group.ReceiversAsync(3));
        Assert.Empty(await group.ReceiversAsync(5));
        Assert.Equal(3, (await group.TakeOverAsync()).MembersVersion);
        // The ids by which a writer finds its own system entries are nobody else's business.
        Assert.Equal(
            [null, null, "id-3", null, "id-5", null],
            (await group.HistoryAsync(group.Olga)).Messages.Select(message => message.ClientMessageId));
    }
}
