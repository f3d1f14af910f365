using Chat.Gateway.Delivery;
using Chat.Ids;
using Chat.Presence;
using Chat.Tests.Delivery;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Presence;

/// <summary>A renewal replaces what is known of a gateway, and nothing newer; without it the lease ends.</summary>
public sealed class RenewingPresence
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly SiloAddress West = ScriptedCluster.Silo(12);
    private static readonly UserId[] People = ScriptedCluster.Users(3);
    private static readonly (UserId Alice, UserId Bob, UserId Carol) They = (People[0], People[1], People[2]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_made_while_a_snapshot_is_on_its_way_is_kept(bool isWatchedAlready)
    {
        var share = await ScriptedShare.BeginAsync();
        var gateway = new WatchingGateway(share);
        var alice = await gateway.ConnectAsync(They.Alice);
        var carol = await gateway.ConnectAsync(They.Carol);
        if (isWatchedAlready) await gateway.WatchAsync(carol, They.Bob);
        share.BeforeRenewal = () => gateway.WatchAsync(alice, They.Bob);

        await gateway.RenewAsync();
        await share.HearsAsync(West, 1, share.Input(They.Bob));

        var push = Assert.Single(await share.PushedToAsync(gateway.Address));
        Assert.True(push.Presence!.Online);
        Assert.Contains(They.Alice, push.Users);
    }

    [Fact]
    public async Task A_watch_that_has_ended_ends_with_the_next_renewal()
    {
        var share = await ScriptedShare.BeginAsync();
        var gateway = new WatchingGateway(share);
        var alice = await gateway.ConnectAsync(They.Alice);
        await gateway.WatchAsync(alice, They.Bob);
        gateway.Leaves(alice);

        await gateway.RenewAsync();
        await share.HearsAsync(West, 1, share.Input(They.Bob));

        Assert.Empty(await share.PushedToAsync(gateway.Address));
    }

    [Fact]
    public async Task Who_watches_while_a_renewal_is_under_way_is_told_nothing_by_its_older_answer()
    {
        var share = await ScriptedShare.BeginAsync();
        var gateway = new WatchingGateway(share);
        var alice = await gateway.ConnectAsync(They.Alice);
        var carol = await gateway.ConnectAsync(They.Carol);
        await share.HearsAsync(West, 1, share.Input(They.Bob));
        // The renewal asks first whether Carol shows herself by now; meanwhile Alice's watch begins, and no more.
        share.Hidden.Add((They.Carol, They.Bob));
        await gateway.WatchAsync(carol, They.Bob);
        var decided = new TaskCompletionSource();
        Task? watching = null;
        share.BeforeSettings = user =>
        {
            if (user == They.Carol) watching ??= gateway.WatchAsync(alice, They.Bob);
            return user == They.Alice ? decided.Task : Task.CompletedTask;
        };
        share.BeforeRenewal = async () =>
        {
            decided.SetResult();
            await watching!;
        };

        await gateway.RenewAsync();

        Assert.NotNull(watching);
        Assert.Empty(alice.Told);
    }

    [Fact]
    public async Task Who_has_left_since_a_snapshot_was_taken_is_not_connected_again_by_it()
    {
        var share = await WatchingBobAsync();
        await share.HearsAsync(East, 1, share.Input(They.Bob));
        await share.HearsAsync(East, 3, new Activity(They.Bob, 0, IsConnected: false));

        await share.Grain.Renew(new GatewaySnapshot(East, 2, [share.Input(They.Bob)], []));

        Assert.Equal([true, false], await ToldAfterTheGraceAsync(share));
    }

    [Fact]
    public async Task Who_has_come_since_a_snapshot_was_taken_is_not_lost_by_it_but_by_a_later_one()
    {
        var share = await WatchingBobAsync();
        await share.HearsAsync(East, 2, share.Input(They.Bob));

        await share.Grain.Renew(new GatewaySnapshot(East, 1, [], []));
        Assert.Equal([true], await ToldAfterTheGraceAsync(share));

        await share.Grain.Renew(new GatewaySnapshot(East, 3, [], []));
        Assert.Equal([true, false], await ToldAfterTheGraceAsync(share));
    }

    [Fact]
    public async Task A_snapshot_that_comes_after_a_later_one_takes_nothing_back()
    {
        var share = await ScriptedShare.BeginAsync();
        await share.Grain.Renew(new GatewaySnapshot(West, 2, [], [new Watched(They.Bob, [They.Alice])]));
        await share.Grain.Renew(new GatewaySnapshot(West, 1, [], []));

        await share.Grain.Renew(new GatewaySnapshot(East, 2, [share.Input(They.Bob)], []));
        await share.Grain.Renew(new GatewaySnapshot(East, 1, [], []));

        Assert.Equal([true], await ToldAfterTheGraceAsync(share));
    }

    [Fact]
    public async Task The_users_of_a_gateway_that_lives_but_is_silent_go_offline_by_its_lease()
    {
        var moment = TimeSpan.FromMilliseconds(1);
        var share = await ScriptedShare.BeginAsync(new PresenceOptions { OnlineSeconds = 3_600 });
        await share.Grain.Renew(new GatewaySnapshot(East, 1, [share.Input(They.Bob)], []));
        var watch = new Watched(They.Bob, [They.Alice]);
        Assert.True(Assert.Single((await share.Grain.Watch(West, [watch])).Users).Online);

        share.Time.Advance(share.Options.Lease - moment);
        await share.Grain.Renew(new GatewaySnapshot(West, 1, [], [watch]));
        await share.LooksAsync();
        Assert.Empty(await share.PushedToAsync(West));
        share.Time.Advance(moment);
        await share.LooksAsync();

        Assert.False(Assert.Single(await share.PushedToAsync(West)).Presence!.Online);
        var defaults = new PresenceOptions();
        Assert.True(defaults.Lease + defaults.LookEvery <= TimeSpan.FromSeconds(75));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_slow_reader_has_lost_the_next_renewal_tells(bool isHidden)
    {
        var share = await ScriptedShare.BeginAsync();
        var gateway = new WatchingGateway(share);
        var alice = await gateway.ConnectAsync(They.Alice);
        await share.HearsAsync(West, 1, share.Input(They.Bob));
        await gateway.WatchAsync(alice, They.Bob);
        var reads = new TaskCompletionSource();
        alice.Reads = reads.Task;
        alice.Client.PushResync();

        if (isHidden) share.Hidden.Add((They.Alice, They.Bob));
        else await share.HearsAsync(West, 2, new Activity(They.Bob, 0, IsConnected: false));
        share.Time.Advance(share.Options.Grace);
        await share.LooksAsync();
        await gateway.HearsOfPrivacyAsync(They.Alice);
        for (var i = 0; i < new ConnectionOptions().QueuedPushesMax; i++) alice.Client.PushResync();
        reads.SetResult();
        await Eventually.HoldsAsync("Alice to read again", () => alice.Resyncs == 2);
        Assert.Empty(alice.Told);
        await gateway.RenewAsync();

        await Eventually.HoldsAsync("Alice to be told of Bob", () => alice.Told.Count > 0);
        Assert.False(Assert.Single(alice.Told).Online);
        await gateway.RenewAsync();
        Assert.Single(alice.Told);
    }

    /// <summary>Alice, at the western gateway, watches Bob.</summary>
    private static async Task<ScriptedShare> WatchingBobAsync()
    {
        var share = await ScriptedShare.BeginAsync();
        await share.Grain.Watch(West, [new Watched(They.Bob, [They.Alice])]);
        return share;
    }

    /// <summary>Whether online or not, what Alice was told of Bob once whoever has dropped counts as gone.</summary>
    private static async Task<IEnumerable<bool>> ToldAfterTheGraceAsync(ScriptedShare share)
    {
        share.Time.Advance(share.Options.Grace);
        await share.LooksAsync();
        return (await share.PushedToAsync(West)).Select(push => push.Presence!.Online);
    }
}
