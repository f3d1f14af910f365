using Xunit;

// Facts of one process share its meters and its settings; test.sh runs two processes side by side.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Chat.Tests.Harness;

/// <summary>The collection of all tests that start processes; they share one PostgreSQL server.</summary>
[CollectionDefinition(Collection)]
public sealed class ProcessTests : ICollectionFixture<SharedPostgres>
{
    public const string Collection = "processes";
}

/// <summary>The PostgreSQL server of one test run, started with the first test that asks for it.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private TemporaryPostgres? _server;

    internal TemporaryPostgres Server => _server ?? throw new InvalidOperationException("The fixture is not started.");

    public async Task InitializeAsync() => _server = await TemporaryPostgres.StartNewAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
