using Chat.Delivery;
using Chat.Ids;
using Chat.Tests.Harness;
using Chat.Users;
using Xunit;

namespace Chat.Tests.Users;

/// <summary>A silo that subscribed to a user is told of him until it takes just that subscription back.</summary>
[Collection(ProcessTests.Collection)]
public sealed class TellingSubscribers
{
    [Fact]
    public async Task An_unsubscription_that_is_overtaken_takes_no_newer_subscription_back()
    {
        await using var silo = await LoneSilo.StartAsync();
        var (id, grain, here) = await SubscribedAsync(silo);

        await grain.Subscribe(here, withBlocks: false, number: 1_001);
        await grain.Unsubscribe(here, number: 1_000);
        await grain.Attach(here, [7], spent: []);
        Assert.Single(silo.Get<RouteTable>().Find(id)!.Sessions);

        await grain.Unsubscribe(here, number: 1_001);
        await grain.Attach(here, [8], spent: []);
        Assert.Single(silo.Get<RouteTable>().Find(id)!.Sessions);
    }

    [Fact]
    public async Task A_silo_that_does_not_number_its_subscriptions_is_believed_as_ever()
    {
        await using var silo = await LoneSilo.StartAsync();
        var (id, grain, here) = await SubscribedAsync(silo);

        await grain.Unsubscribe(here);
        await grain.Attach(here, [7], spent: []);

        Assert.Empty(silo.Get<RouteTable>().Find(id)!.Sessions);
    }

    private static async Task<(UserId Id, IUserGrain Grain, SiloAddress Here)> SubscribedAsync(LoneSilo silo)
    {
        var id = new UserId(Guid.NewGuid());
        await silo.Get<RouteTable>().EnsureAsync([id], withBlocks: false);
        return (id, silo.Grains.GetUser(id), silo.Get<SiloDirectory>().Local);
    }
}
