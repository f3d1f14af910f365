using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Harness;

[Collection(ProcessTests.Collection)]
public sealed class ChatClusterTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private static readonly ClusterSettings Small = new() { Silos = 1, Gateways = 1 };

    [Fact]
    public async Task A_killed_member_comes_back_at_its_address()
    {
        await using var cluster = await ChatCluster.StartAsync(postgres.Server, Small, output);
        var silo = cluster.Silos[0];
        var (address, id) = (silo.Address, silo.Id);

        Assert.Equal(128 + (int)Signal.Kill, await silo.KillAsync());
        Assert.False(Signals.IsAlive(id));
        await silo.StartAsync();

        Assert.Equal(address, silo.Address);
        Assert.NotEqual(id, silo.Id);
    }

    [Fact]
    public async Task Members_join_roll_and_leave_in_an_orderly_way()
    {
        await using var cluster = await ChatCluster.StartAsync(postgres.Server, Small, output);

        var second = await cluster.AddSiloAsync();
        await ChatCluster.RollAsync([cluster.Silos[0]]);
        await cluster.RemoveAsync(second);

        Assert.Single(cluster.Silos);
        Assert.False(second.IsRunning);
    }

    [Fact]
    public async Task Disposing_leaves_no_member_not_even_a_frozen_one()
    {
        var cluster = await ChatCluster.StartAsync(postgres.Server, Small, output);
        int[] ids = [cluster.Silos[0].Id, cluster.Gateways[0].Id];
        cluster.Silos[0].Freeze();

        await cluster.DisposeAsync();

        Assert.DoesNotContain(ids, Signals.IsAlive);
    }

    [Fact]
    public async Task A_member_that_cannot_start_is_reported_with_what_it_said()
    {
        var settings = new ClusterSettings
        {
            Silos = 1,
            Gateways = 1,
            Environment = { ["Chat__Auth__SigningKey"] = "" },
        };

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ChatCluster.StartAsync(postgres.Server, settings, output));

        Assert.Contains("instead of serving", refused.Message, StringComparison.Ordinal);
        Assert.Contains("SigningKey", refused.Message, StringComparison.Ordinal);
    }
}
