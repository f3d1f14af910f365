using Chat.Delivery;
using Chat.Ids;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>A table that lets go of many routes takes their subscriptions back a few at a time.</summary>
public sealed class TakingSubscriptionsBack
{
    private const int AtOnceMax = Unsubscriptions.AtOnceMax;

    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Of_one_sweep_so_many_are_in_flight_and_the_rest_follow()
    {
        var cluster = new ScriptedCluster(routesMax: 100) { Unsubscribing = _ => _answered.Task };
        var users = ScriptedCluster.Users(101);

        foreach (var user in users) await cluster.Table.EnsureAsync([user], withBlocks: false);
        UserId[] letGo = [.. users.Where(user => cluster.Table.Find(user) is null)];
        Assert.True(letGo.Length > AtOnceMax);
        Assert.Equal(AtOnceMax, cluster.Unsubscribed.Count);
        _answered.SetResult();

        var all = await cluster.Unsubscribed.UntilAsync("all", told => told.Count == letGo.Length);
        Assert.Equal(letGo, all.Order());
    }

    [Fact]
    public async Task What_there_is_no_room_for_stays_subscribed_and_later_ones_go_on()
    {
        var cluster = new ScriptedCluster { Unsubscribing = _ => _answered.Task };
        var users = ScriptedCluster.Users(AtOnceMax + 10);
        var unsubscriptions = new Unsubscriptions(cluster.GrainFactory, cluster.Silos, waitingMax: 2);

        foreach (var user in users[..^1]) unsubscriptions.Add(user, number: 2);
        _answered.SetResult();
        await cluster.Unsubscribed.UntilAsync("those who waited", told => told.Count == AtOnceMax + 2);
        unsubscriptions.Add(users[^1], number: 2);

        var all = await cluster.Unsubscribed.UntilAsync("the last", told => told.Contains(users[^1]));
        Assert.Equal([.. users[..(AtOnceMax + 2)], users[^1]], all.Order());
    }

    [Fact]
    public async Task One_that_fails_holds_up_nobody()
    {
        var users = ScriptedCluster.Users(AtOnceMax + 1);
        var cluster = new ScriptedCluster { Unsubscribing = _ => _answered.Task };
        var unsubscriptions = new Unsubscriptions(cluster.GrainFactory, cluster.Silos, waitingMax: 10);

        foreach (var user in users) unsubscriptions.Add(user, number: 2);
        _answered.SetException(new TimeoutException());

        await cluster.Unsubscribed.UntilAsync("the one that waited", told => told.Contains(users[^1]));
    }

    [Fact]
    public async Task Nor_does_one_that_cannot_even_be_called()
    {
        var users = ScriptedCluster.Users(AtOnceMax + 1);
        var cluster = new ScriptedCluster
        {
            Unsubscribing = user => user == users[^1] ? Task.CompletedTask : throw new InvalidOperationException(),
        };
        var unsubscriptions = new Unsubscriptions(cluster.GrainFactory, cluster.Silos, waitingMax: 10);

        foreach (var user in users) unsubscriptions.Add(user, number: 2);

        await cluster.Unsubscribed.UntilAsync("the last", told => told.Contains(users[^1]));
    }
}
