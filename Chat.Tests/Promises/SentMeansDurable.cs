using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>
/// Promises 1, 2 and 3: whatever is killed in the midst of a burst, each acknowledged message lies in the log once, at
/// the seq that was answered, and each log is contiguous.
/// </summary>
[Collection(PromiseTests.Collection)]
public sealed class SentMeansDurable(PromiseCluster house, ITestOutputHelper output)
{
    private const int Each = 20;

    [Fact]
    public async Task A_killed_silo_loses_and_doubles_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var burst = await Burst.PrepareAsync(await EverybodyAsync(town));
        await DisturbAsync(burst, () => house.Cluster.Silos[0].KillAsync());
    }

    [Fact]
    public async Task A_killed_gateway_loses_and_doubles_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var burst = await Burst.PrepareAsync(await EverybodyAsync(town));
        await DisturbAsync(burst, () => house.Cluster.Gateways[0].KillAsync());
    }

    [Fact]
    public async Task A_database_stopped_at_once_loses_and_doubles_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var burst = await Burst.PrepareAsync(await EverybodyAsync(town));
        await DisturbAsync(burst, async () =>
        {
            await house.Postgres.StopImmediateAsync();
            await house.Postgres.StartAsync();
        });
    }

    [Fact]
    public async Task A_killed_standalone_process_loses_and_doubles_nothing()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, Town.CheapPasswords);
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var burst = await Burst.PrepareAsync(await EverybodyAsync(town));
        var run = burst.RunAsync(Each);
        await burst.UntilInTheMidstAsync(burst.Total / 4);

        await gateway.Process.KillAsync();
        await gateway.Process.StartAsync();

        await burst.CheckAsync(run, () => StoredLog.OfSqliteAsync(gateway.DataDirectory));
        await burst.EachHeardAllAsync();
    }

    private async Task DisturbAsync(Burst burst, Func<Task> disturb)
    {
        var run = burst.RunAsync(Each);
        await burst.UntilInTheMidstAsync(burst.Total / 4);

        await disturb();

        await burst.CheckAsync(run, () => StoredLog.OfPostgresAsync(house.Cluster.ConnectionString));
        await burst.EachHeardAllAsync();
    }

    /// <summary>Five people with an app each; three begin at the one gateway and two at the other.</summary>
    private static async Task<Device[]> EverybodyAsync(Town town)
    {
        var people = await town.WelcomeAsync("alice", "bob", "carol", "dave", "erin");
        Uri[] there = [.. town.Gateways.Reverse()];
        return await Task.WhenAll(people.Select(
            (person, i) => person.WithLogOnAsync(i % 2 == 0 ? [.. town.Gateways] : there)));
    }
}
