using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Whoever comes in a burst is spread over the silos.</summary>
[Collection(ProcessTests.Collection)]
public sealed class SpreadingOverSilos(SharedPostgres postgres, ITestOutputHelper output)
{
    private const int Chats = 40;

    /// <summary>
    /// Placement counts all grains of a silo, whatever their kind: of all of them each silo has its part, of the chats
    /// alone it may have few (8 of 40 were seen once).
    /// </summary>
    [Fact]
    public async Task Conversations_that_begin_at_once_are_not_all_on_one_silo()
    {
        var settings = new ClusterSettings { Gateways = 1, Environment = new(Town.CheapPasswords) };
        await using var cluster = await ChatCluster.StartAsync(postgres.Server, settings, output);
        await using var town = new Town(() => [cluster.Gateways[0].Address], () => "", output);
        await using var view = await ClusterView.OpenAsync(cluster);
        var people = await town.WelcomeAsync([.. Enumerable.Range(0, Chats + 1).Select(n => $"u{n}")]);
        var alice = await people[0].OnAsync(town.Gateways[0]);

        var chats = await Task.WhenAll(people.Skip(1).Select(person => alice.OpenAsync(person)));

        var homes = await Task.WhenAll(chats.Select(view.SiloOfChatAsync));
        var grains = await view.GrainsOfSilosAsync();
        var sum = grains.Values.Sum();
        output.WriteLine(string.Join(", ", grains.Values) + " grains");
        Assert.All(grains.Values, some => Assert.InRange(some, sum / 4, sum * 3 / 4));
        Assert.All(cluster.Silos, silo => Assert.Contains(silo, homes));
    }
}
