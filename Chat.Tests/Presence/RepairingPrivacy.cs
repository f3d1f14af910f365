using Chat.Ids;
using Chat.Presence;
using Chat.Tests.Delivery;
using Xunit;

namespace Chat.Tests.Presence;

/// <summary>
/// Who hides sees no more, whatever was lost: the push that says so, its decision, or the grain that knows of it.
/// </summary>
public sealed class RepairingPrivacy
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly SiloAddress West = ScriptedCluster.Silo(12);
    private static readonly UserId Alice = ScriptedCluster.Users(3)[0];
    private static readonly UserId Bob = ScriptedCluster.Users(3)[1];
    private static readonly UserId Carol = ScriptedCluster.Users(3)[2];

    [Fact]
    public async Task A_lost_push_is_made_up_for_by_the_renewal()
    {
        var (share, gateway, alice) = await SeeingBobAsync();

        await HideAsync(share);
        await gateway.RenewAsync();

        AssertVanished(alice);
    }

    [Fact]
    public async Task A_decision_that_fails_is_made_by_a_later_renewal_though_the_grain_has_forgotten_by_then()
    {
        var (share, gateway, alice) = await SeeingBobAsync();
        await HideAsync(share);
        share.BeforeSettings = _ => Task.FromException(new TimeoutException());
        await gateway.HearsOfPrivacyAsync(Alice);
        share.Time.Advance(share.Options.Lease - TimeSpan.FromSeconds(1));
        await gateway.RenewAsync();
        Assert.Empty(alice.Told);

        share.BeforeSettings = _ => Task.CompletedTask;
        share.Time.Advance(TimeSpan.FromSeconds(1));
        await share.LooksAsync();
        await gateway.RenewAsync();

        AssertVanished(alice);
    }

    [Fact]
    public async Task One_users_settings_that_fail_hold_up_neither_the_renewal_nor_another_ones()
    {
        var (share, gateway, alice) = await SeeingBobAsync();
        var carol = await gateway.ConnectAsync(Carol);
        await gateway.WatchAsync(carol, Bob);
        await HideAsync(share);
        await share.Grain.PrivacyChanged(Carol);
        share.Hidden.Add((Carol, Bob));
        share.BeforeSettings = user => user == Alice
            ? Task.FromException(new InvalidOperationException("unreadable"))
            : Task.CompletedTask;

        await gateway.RenewAsync();

        AssertVanished(carol);
        Assert.Empty(alice.Told);
        Assert.True((await share.Grain.Watch(gateway.Address, [])).KnowsGateway);
    }

    [Fact]
    public async Task A_grain_that_has_begun_anew_has_all_of_them_decided_anew()
    {
        var (share, gateway, alice) = await SeeingBobAsync();
        await HideAsync(share);

        share.Time.Advance(TimeSpan.FromSeconds(1));
        await share.BeginAnewAsync();
        await share.HearsAsync(West, 2, share.Input(Bob));
        await gateway.RenewAsync();

        AssertVanished(alice);
    }

    [Fact]
    public async Task After_a_silence_for_which_the_grain_remembers_nothing_all_of_them_are_decided_anew()
    {
        var (share, gateway, alice) = await SeeingBobAsync();
        await HideAsync(share);

        share.Time.Advance(share.Options.Lease);
        await share.LooksAsync();
        await gateway.RenewAsync();

        AssertVanished(alice);
    }

    [Fact]
    public async Task Who_shows_himself_again_without_a_word_sees_with_the_next_renewal()
    {
        var (share, gateway, alice) = await SeeingBobAsync();
        await HideAsync(share);
        await gateway.RenewAsync();
        share.Time.Advance(share.Options.Lease / 2);
        await gateway.RenewAsync();
        share.Time.Advance(share.Options.Lease / 2);
        await share.LooksAsync();
        await share.HearsAsync(West, 2, share.Input(Bob));

        share.Hidden.Clear();
        await gateway.RenewAsync();

        Assert.Equal([false, true], alice.Told.Select(told => told.Online));
    }

    [Fact]
    public async Task Where_nobody_has_changed_anything_renewals_ask_nobody()
    {
        var (share, gateway, _) = await SeeingBobAsync();

        for (var i = 0; i < 3; i++)
        {
            share.Time.Advance(share.Options.RenewEvery);
            await gateway.RenewAsync();
        }

        Assert.Empty(share.Asked);
    }

    [Fact]
    public async Task A_change_that_failed_half_way_is_decided_with_the_next_renewal_for_all_who_watch()
    {
        var share = await ScriptedShare.BeginAsync(new PresenceOptions { OnlineSeconds = 3_600 });
        share.Hidden.Add((Bob, Alice));
        share.Hidden.Add((Bob, Carol));
        await share.Grain.Watch(East, [new Watched(Bob, [Alice])]);
        await share.Grain.Watch(West, [new Watched(Bob, [Carol])]);
        await share.HearsAsync(East, 1, share.Input(Bob));
        share.Hidden.Clear();
        share.BeforeSettings = _ => Task.FromException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => share.Grain.PrivacyChanged(Bob));
        share.BeforeSettings = _ => Task.CompletedTask;

        await share.Grain.Renew(new GatewaySnapshot(West, 2, [], [new Watched(Bob, [Carol])]));

        Assert.True(Assert.Single(await share.PushedToAsync(West)).Presence!.Online);
        Assert.True(Assert.Single(await share.PushedToAsync(East)).Presence!.Online);
    }

    /// <summary>Alice watches Bob, who is online; nothing is left to be decided.</summary>
    private static async Task<(ScriptedShare Share, WatchingGateway Gateway, WatchingDevice Alice)> SeeingBobAsync()
    {
        var share = await ScriptedShare.BeginAsync(new PresenceOptions { OnlineSeconds = 3_600 });
        var gateway = new WatchingGateway(share);
        await share.HearsAsync(West, 1, share.Input(Bob));
        var alice = await gateway.ConnectAsync(Alice);
        await gateway.WatchAsync(alice, Bob);
        await gateway.RenewAsync();
        Assert.Empty(alice.Told);
        share.Asked.Clear();
        return (share, gateway, alice);
    }

    /// <summary>Alice hides from Bob; her gateway hears nothing of it.</summary>
    private static Task HideAsync(ScriptedShare share)
    {
        share.Hidden.Add((Alice, Bob));
        return share.Grain.PrivacyChanged(Alice);
    }

    private static void AssertVanished(WatchingDevice device) =>
        Assert.Equal(UserPresence.Hidden(Bob), Assert.Single(device.Told));
}
