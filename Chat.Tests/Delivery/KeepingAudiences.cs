using Chat.Delivery;
using Chat.Ids;
using Chat.Users;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>An audience follows its members' comings and goings, and asks only for whom it does not know.</summary>
public sealed class KeepingAudiences
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly SiloAddress West = ScriptedCluster.Silo(12);

    private readonly ScriptedCluster _cluster = new(routesMax: 40);

    [Fact]
    public async Task It_is_ready_once_every_member_was_asked_for_once()
    {
        var users = ScriptedCluster.Users(3);
        _cluster.Put(users[0], (East, 1));
        var audience = Gather(users);
        Assert.False(audience.IsReady);

        await audience.EnsureAsync();
        await audience.EnsureAsync();

        Assert.True(audience.IsReady);
        Assert.Equal(users, _cluster.Subscribed);
        Assert.Equal([users[0]], At(audience, East));
    }

    [Fact]
    public async Task A_warm_one_gives_the_same_lists_again_and_renews_only_the_one_that_changed()
    {
        var users = ScriptedCluster.Users(4);
        _cluster.Put(users[0], (East, 1));
        _cluster.Put(users[1], (West, 2));
        var audience = await ReadyAsync(users);

        var before = audience.Places;
        Assert.Same(before, audience.Places);
        Move(users[2], (West, 3));

        Assert.Same(Array(before, East), Array(audience.Places, East));
        Assert.Equal([users[1], users[2]], At(audience, West));
    }

    [Fact]
    public async Task Who_attaches_is_in_it_and_who_detaches_is_not()
    {
        var users = ScriptedCluster.Users(2);
        var audience = await ReadyAsync(users);
        Assert.Empty(audience.Places);

        Move(users[0], (East, 1), (East, 2), (West, 3));
        Assert.Equal([users[0]], At(audience, East));
        Assert.Equal([users[0]], At(audience, West));

        Move(users[0], (East, 2));
        Assert.Equal([users[0]], At(audience, East));
        Assert.Empty(At(audience, West));

        Move(users[0]);
        Assert.Empty(audience.Places);
        Assert.True(audience.IsReady);
    }

    [Fact]
    public async Task An_older_notice_that_arrives_later_changes_nothing()
    {
        var users = ScriptedCluster.Users(1);
        var audience = await ReadyAsync(users);
        var older = _cluster.Put(users[0], (East, 1));
        Move(users[0], (West, 2));

        _cluster.Table.Apply(older);

        Assert.Empty(At(audience, East));
        Assert.Equal(users, At(audience, West));
    }

    [Fact]
    public async Task A_gateway_that_has_no_connection_of_a_member_is_not_asked_again()
    {
        var users = ScriptedCluster.Users(2);
        _cluster.Put(users[0], (East, 1), (West, 2));
        _cluster.Put(users[1], (East, 3));
        var audience = await ReadyAsync(users);

        _cluster.Table.Correct(users[0], East, _cluster.Table.Now);

        Assert.Equal([users[1]], At(audience, East));
        Assert.Equal([users[0]], At(audience, West));
    }

    [Fact]
    public async Task A_correction_that_is_older_than_an_attach_takes_nothing_away()
    {
        var users = ScriptedCluster.Users(1);
        var audience = await ReadyAsync(users);
        var asked = _cluster.Table.Now;
        Move(users[0], (East, 1));

        _cluster.Table.Correct(users[0], East, asked);

        Assert.Equal(users, At(audience, East));
    }

    [Fact]
    public async Task What_a_dead_silo_told_is_asked_anew_before_the_next_message()
    {
        var users = ScriptedCluster.Users(2);
        _cluster.Put(users[0], (East, 1));
        var audience = await ReadyAsync(users);

        _cluster.Die(ScriptedCluster.Home);
        Assert.False(audience.IsReady);
        Assert.Empty(audience.Places);
        _cluster.Put(users[0], (West, 4));
        await audience.EnsureAsync();

        Assert.True(audience.IsReady);
        Assert.Equal([users[0]], At(audience, West));
        Assert.Equal(4, _cluster.Subscribed.Count);
    }

    [Fact]
    public async Task A_member_whose_grain_moved_away_is_asked_for_again()
    {
        var users = ScriptedCluster.Users(1);
        var audience = await ReadyAsync(users);

        _cluster.Table.Apply(_cluster.Put(users[0]) with { IsGone = true });
        Assert.False(audience.IsReady);
        await audience.EnsureAsync();

        Assert.True(audience.IsReady);
        Assert.Equal(2, _cluster.Subscribed.Count);
    }

    [Fact]
    public async Task A_full_table_lets_go_of_nobody_whom_an_open_conversation_holds()
    {
        var users = ScriptedCluster.Users(68);
        var open = await ReadyAsync(users[..4]);
        var closed = await ReadyAsync(users[4..8]);
        closed.Close();

        foreach (var some in users[8..].Chunk(10)) await ReadyAsync(some);
        Move(users[0], (East, 1));

        Assert.True(open.IsReady);
        Assert.Equal([users[0]], At(open, East));
        Assert.Equal(users[4..8], _cluster.Unsubscribed.Snapshot().Order());
    }

    [Fact]
    public async Task Whom_a_table_lets_go_of_it_takes_its_old_subscription_back_and_no_newer_one()
    {
        var users = ScriptedCluster.Users(61);
        (await ReadyAsync(users[..1])).Close();
        var first = _cluster.Numbers[(users[0], nameof(IUserGrain.Subscribe))];

        foreach (var some in users[1..].Chunk(10)) await ReadyAsync(some);
        await ReadyAsync(users[..1]);

        Assert.Equal([users[0]], _cluster.Unsubscribed.Snapshot());
        Assert.Equal(first, _cluster.Numbers[(users[0], nameof(IUserGrain.Unsubscribe))]);
        Assert.True(_cluster.Numbers[(users[0], nameof(IUserGrain.Subscribe))] > first);
    }

    [Fact]
    public async Task Who_leaves_while_he_is_asked_for_is_not_held_by_it()
    {
        var users = ScriptedCluster.Users(61);
        var answer = new TaskCompletionSource();
        _cluster.Subscribing = user => user == users[0] ? answer.Task : Task.CompletedTask;
        var audience = Gather(users[..1]);
        var asking = audience.EnsureAsync();
        audience.Remove(users[..1]);
        answer.SetResult();
        await asking;

        foreach (var some in users[1..].Chunk(10)) await ReadyAsync(some);

        Assert.Equal([users[0]], _cluster.Unsubscribed.Snapshot());
    }

    [Fact]
    public async Task Who_joins_is_in_it_and_who_leaves_hears_nothing_more()
    {
        var users = ScriptedCluster.Users(3);
        foreach (var user in users) _cluster.Put(user, (East, 1));
        var audience = await ReadyAsync(users[..2]);

        await _cluster.Table.EnsureAsync([users[2]], withBlocks: false);
        audience.Add([users[2]]);
        audience.Remove([users[0]]);
        Move(users[0], (East, 1), (West, 7));

        Assert.True(audience.IsReady);
        Assert.Equal(users[1..], At(audience, East));
        Assert.Empty(At(audience, West));
    }

    [Fact]
    public async Task Whom_members_block_is_known_in_a_direct_conversation_and_not_asked_for_a_group()
    {
        var users = ScriptedCluster.Users(2);
        var group = await ReadyAsync(users);
        Assert.Null(_cluster.Table.Find(users[0])!.Blocked);
        var direct = new Audience(_cluster.Table, needsBlocks: true);
        direct.Add(users);
        Assert.False(direct.IsReady);

        await direct.EnsureAsync();
        Assert.False(direct.IsBlocked);
        _cluster.Block(users[1], users[0]);
        _cluster.Tell(users[1]);

        Assert.True(direct.IsReady);
        Assert.True(direct.IsBlocked);
        Assert.True(group.IsReady);
        Assert.False(group.IsBlocked);
    }

    [Fact]
    public async Task The_only_connection_at_a_gateway_is_told_from_one_of_several()
    {
        var users = ScriptedCluster.Users(1);
        _cluster.Put(users[0], (East, 1), (East, 2), (West, 3));
        var audience = await ReadyAsync(users);

        Assert.Null(audience.FindSole(users[0], 1));
        Assert.Equal(West, audience.FindSole(users[0], 3));
        Assert.Null(audience.FindSole(users[0], 99));
    }

    private Audience Gather(IEnumerable<UserId> users)
    {
        var audience = new Audience(_cluster.Table, needsBlocks: false);
        audience.Add(users);
        return audience;
    }

    private async Task<Audience> ReadyAsync(UserId[] users)
    {
        var audience = Gather(users);
        await audience.EnsureAsync();
        return audience;
    }

    private void Move(UserId user, params (SiloAddress, long)[] sessions)
    {
        _cluster.Put(user, sessions);
        _cluster.Tell(user);
    }

    private static UserId[] At(Audience audience, SiloAddress gateway) =>
        audience.Places.Any(place => place.Gateway.Equals(gateway)) ? Array(audience.Places, gateway) : [];

    private static UserId[] Array(IReadOnlyList<AudienceAt> places, SiloAddress gateway) =>
        places.Single(place => place.Gateway.Equals(gateway)).Users;
}
