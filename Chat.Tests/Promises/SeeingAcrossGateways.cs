using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Presence;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>
/// Who watches at one gateway sees who is at the other: not that he dropped for a moment, and that he came and went
/// though nothing is published.
/// </summary>
[Collection(PromiseTests.Collection)]
public sealed class SeeingAcrossGateways(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task A_connection_that_drops_and_comes_back_at_either_gateway_tells_nobody()
    {
        // One share, so that what is heard of somebody has overtaken nothing that was published before it.
        await using var cluster = await StartAsync(("Grace", "00:10:00"), ("Shards", "1"));
        await using var town = TownOf(cluster);
        await using var view = await ClusterView.OpenAsync(cluster);
        var (people, alice, bob) = await town.SeeingBobAsync();

        foreach (var back in new[] { town.Gateways[1], town.Gateways[0] })
        {
            await bob.DisposeAsync();
            await Eventually.YieldsAsync(
                "nobody to know Bob's connection", () => view.SessionsOfAsync(people[1]), known => known.Length == 0);
            await SeesSomebodyComeAsync(town, alice, town.Gateways[1]);
            Assert.Single(alice.Presences.Snapshot(), one => one.UserId == people[1].Id);
            Assert.True((await alice.LooksAtAsync(people[1])).Online);

            bob = await people[1].OnAsync(back);
            await bob.Chat.ReportActivityAsync();
            await SeesSomebodyComeAsync(town, alice, back);
        }

        Assert.True(Assert.Single(alice.Presences.Snapshot(), one => one.UserId == people[1].Id).Online);
    }

    [Fact]
    public async Task Without_a_stream_the_renewals_snapshot_tells()
    {
        await using var cluster = await StartAsync(("PublishesActivity", "false"), ("RenewEvery", "00:00:00.4"));
        await using var town = TownOf(cluster);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(town.Gateways[1]);
        Assert.False((await alice.LooksAtAsync(people[1])).Online);

        await bob.Chat.ReportActivityAsync();
        var online = await alice.SeesAsync(people[1], online: true);
        await bob.DisposeAsync();
        var offline = await alice.SeesAsync(people[1], online: false);

        Assert.NotNull(online.LastSeen);
        Assert.Equal(online.LastSeen, offline.LastSeen);
    }

    /// <summary>Somebody new comes to this gateway, and the watcher is told of it.</summary>
    private static async Task SeesSomebodyComeAsync(Town town, Device watcher, Uri gateway)
    {
        var person = await town.WelcomeAsync("carol");
        await watcher.LooksAtAsync(person);
        var device = await person.OnAsync(gateway);
        await device.Chat.ReportActivityAsync();
        await watcher.SeesAsync(person, online: true);
    }

    private async Task<ChatCluster> StartAsync(params (string Name, string Value)[] settings)
    {
        var environment = PresenceTown.Quick;
        foreach (var (name, value) in settings) environment[$"Chat__Presence__{name}"] = value;
        return await ChatCluster.StartAsync(
            await house.ServerAsync(), new ClusterSettings { Environment = environment }, output);
    }

    private Town TownOf(ChatCluster cluster) =>
        new(() => [.. cluster.Gateways.Select(gateway => gateway.Address)], () => "", output);
}
