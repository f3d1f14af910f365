using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>The tests of the promises (design, section 2), which share one cluster and its server.</summary>
[CollectionDefinition(Collection)]
public sealed class PromiseTests : ICollectionFixture<PromiseCluster>
{
    public const string Collection = "promises";

    /// <summary>What is measured and not asserted; <c>./test.sh</c> leaves it out.</summary>
    public const string Benchmark = "Benchmark";
}

/// <summary>Two silos and two gateways on a PostgreSQL of their own, made whole again for each test.</summary>
public sealed class PromiseCluster : IAsyncLifetime
{
    /// <summary>Presence runs fast, so that nothing has to be waited for long.</summary>
    private static readonly Dictionary<string, string> Settings = new(Town.CheapPasswords)
    {
        ["Chat__Presence__PublishEvery"] = "00:00:00.1",
        ["Chat__Presence__LookEvery"] = "00:00:00.1",
        ["Chat__Presence__Grace"] = "00:00:00.5",
        ["Chat__Presence__RenewEvery"] = "00:00:01",
        ["Chat__Presence__Lease"] = "00:00:05",
        ["Chat__Presence__WriteEvery"] = "00:00:01",
        // Longer than any test: whatever somebody types is told once.
        ["Chat__Presence__TypingApart"] = "00:10:00",
        ["Chat__Presence__TypingEnds"] = "00:20:00",
    };

    private ChatCluster? _cluster;

    internal TemporaryPostgres Postgres { get; private set; } = null!;

    internal ChatCluster Cluster => _cluster ?? throw new InvalidOperationException("Nobody entered the cluster yet.");

    public async Task InitializeAsync() => Postgres = await TemporaryPostgres.StartNewAsync();

    /// <summary>The server, started where an earlier test left it stopped.</summary>
    internal async Task<TemporaryPostgres> ServerAsync()
    {
        if (!Signals.IsAlive(Postgres.PostmasterId)) await Postgres.StartAsync();
        return Postgres;
    }

    /// <summary>Starts what an earlier test left dead, thaws what it left frozen, and opens a town on it.</summary>
    internal async Task<Town> EnterAsync(ITestOutputHelper output)
    {
        var server = await ServerAsync();
        _cluster ??= await ChatCluster.StartAsync(server, new ClusterSettings { Environment = Settings });
        var members = Cluster.Silos.Concat(Cluster.Gateways).ToArray();
        foreach (var member in members.Where(member => member.IsRunning)) member.Thaw();
        await Task.WhenAll(members.Where(member => !member.IsRunning).Select(member => member.StartAsync()));
        foreach (var member in members) await member.ReadyAsync();
        return new Town(() => [.. Cluster.Gateways.Select(gateway => gateway.Address)], Cluster.Report, output);
    }

    public async Task DisposeAsync()
    {
        await ServerAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
