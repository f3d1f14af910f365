using System.Net;
using Chat.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;
using Orleans.Storage;
using Xunit;

namespace Chat.Tests.Storage;

/// <summary>Orleans' own providers on the tables and statements that our migrations give them.</summary>
[Collection(ProcessTests.Collection)]
public sealed class KeepingOrleansState(SharedPostgres postgres)
{
    private static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task The_version_decides_between_two_changes_of_the_membership()
    {
        await using var store = await TestStore.StartAsync(EachStoreAttribute.PostgreSql, postgres);
        var table = await OpenMembershipAsync(store);
        var empty = await table.ReadAllAsync();
        Assert.Empty(empty.Members);

        Assert.True(await table.InsertRowAsync(Silo(1, SiloStatus.Joining), empty.Version.Next()));
        Assert.False(await table.InsertRowAsync(Silo(2, SiloStatus.Joining), empty.Version.Next()));
        var first = await table.ReadAllAsync();
        Assert.False(await table.InsertRowAsync(Silo(1, SiloStatus.Joining), first.Version.Next()));

        var dead = Silo(1, SiloStatus.Dead);
        dead.AddOrUpdateSuspector(Silo(2, SiloStatus.Active).SiloAddress, Noon, 5);
        var etag = first.Members[0].Item2;
        Assert.False(await table.UpdateRowAsync(dead, etag, empty.Version.Next()));
        Assert.True(await table.UpdateRowAsync(dead, etag, first.Version.Next()));
        var row = Assert.Single((await table.ReadRowAsync(dead.SiloAddress)).Members).Item1;
        Assert.Equal((SiloStatus.Dead, "silo", Noon), (row.Status, row.SiloName, row.StartTime));
        Assert.Single(row.SuspectTimes!);
        Assert.Equal(first.Version.Version + 1, (await table.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task Of_many_changes_at_once_under_one_version_one_is_made()
    {
        await using var store = await TestStore.StartAsync(EachStoreAttribute.PostgreSql, postgres);
        var table = await OpenMembershipAsync(store);
        var version = (await table.ReadAllAsync()).Version.Next();

        var made = await Task.WhenAll(Enumerable.Range(1, 10).Select(port =>
            table.InsertRowAsync(Silo(port, SiloStatus.Joining), version)));

        Assert.Single(made, each => each);
        Assert.Single((await table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task The_clean_up_takes_old_dead_silos_and_no_active_one()
    {
        await using var store = await TestStore.StartAsync(EachStoreAttribute.PostgreSql, postgres);
        var table = await OpenMembershipAsync(store);
        foreach (var (port, status) in new[] { (1, SiloStatus.Dead), (2, SiloStatus.Active) })
            await table.InsertRowAsync(Silo(port, status), (await table.ReadAllAsync()).Version.Next());
        var alive = Silo(3, SiloStatus.Dead);
        await table.InsertRowAsync(alive, (await table.ReadAllAsync()).Version.Next());
        alive.IAmAliveTime = Noon.AddDays(2);
        await table.UpdateIAmAliveAsync(alive);

        await table.CleanupDefunctSiloEntriesAsync(Noon.AddDays(1));

        Assert.Equal(
            [2, 3],
            (await table.ReadAllAsync()).Members.Select(member => member.Item1.SiloAddress.Endpoint.Port).Order());
    }

    [Fact]
    public async Task Of_first_writes_of_one_grains_state_one_is_kept()
    {
        await using var store = await TestStore.StartAsync(EachStoreAttribute.PostgreSql, postgres);
        using var silo = await StartSiloAsync(store);
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>("chat");
        var id = GrainId.Create("user", Guid.NewGuid().ToString("N"));
        GrainState<List<string>>[] states = [new(["one"]), new(["two"]), new(["three"])];

        var kept = await Task.WhenAll(states.Select(state => IsKeptAsync(storage, id, state)));

        Assert.Single(kept, each => each);
        var winner = states.Single(state => state.RecordExists);
        winner.State = ["second version"];
        Assert.True(await IsKeptAsync(storage, id, winner));
        var read = new GrainState<List<string>>();
        await storage.ReadStateAsync("blocks", id, read);
        Assert.Equal(winner.State, read.State);
        Assert.Equal(winner.ETag, read.ETag);

        await storage.ClearStateAsync("blocks", id, read);
        Assert.False(await IsKeptAsync(storage, id, winner));
        await storage.ReadStateAsync("blocks", id, read);
        Assert.False(read.RecordExists);
        await silo.StopAsync();
    }

    private static async Task<bool> IsKeptAsync(IGrainStorage storage, GrainId id, GrainState<List<string>> state)
    {
        try
        {
            await storage.WriteStateAsync("blocks", id, state);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private static MembershipEntry Silo(int port, SiloStatus status) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
        SiloName = "silo",
        HostName = "host",
        Status = status,
        ProxyPort = port,
        StartTime = Noon,
        IAmAliveTime = Noon,
    };

    /// <summary>A membership without any silo that would change it meanwhile.</summary>
    private static async Task<IMembershipTable> OpenMembershipAsync(TestStore store)
    {
        var options =
            new AdoNetClusteringSiloOptions { Invariant = "Npgsql", ConnectionString = store.ConnectionString };
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = "empty", ServiceId = "test" }),
            Options.Create(options),
            NullLogger<AdoNetClusteringTable>.Instance);
        await ((IMembershipTable)table).InitializeMembershipTableAsync(true);
        return table;
    }

    private static async Task<IHost> StartSiloAsync(TestStore store)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var database = store.ConnectionString;
        builder.UseOrleans(silo => silo
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", database))
            .AddAdoNetGrainStorage(
                "chat", options => (options.Invariant, options.ConnectionString) = ("Npgsql", database))
            .ConfigureEndpoints(IPAddress.Loopback, LoopbackPort.Next(), LoopbackPort.Next())
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "test")));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
