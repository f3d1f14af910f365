using Npgsql;
using Xunit;

namespace Chat.Tests.Harness;

public sealed class TemporaryPostgresTests
{
    [Fact]
    public async Task Committed_rows_outlive_an_immediate_stop()
    {
        await using var server = await TemporaryPostgres.StartNewAsync();
        await Sql.ExecuteAsync(server, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");

        await server.StopImmediateAsync();
        await server.StartAsync();

        Assert.Equal(7, await Sql.ExecuteAsync(server, "SELECT n FROM kept"));
    }

    [Fact]
    public async Task Committed_rows_outlive_a_kill()
    {
        await using var server = await TemporaryPostgres.StartNewAsync();
        await Sql.ExecuteAsync(server, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");

        await server.KillAsync();
        await server.StartAsync();

        Assert.Equal(7, await Sql.ExecuteAsync(server, "SELECT n FROM kept"));
    }

    [Fact]
    public async Task Disposing_leaves_neither_process_nor_file()
    {
        var server = await TemporaryPostgres.StartNewAsync();
        var directory = (string)(await Sql.ExecuteAsync(server, "SHOW data_directory"))!;
        int[] processes = [server.PostmasterId, .. TemporaryPostgres.ChildrenOf(server.PostmasterId)];
        Assert.True(processes.Length > 2);

        await server.DisposeAsync();

        Assert.DoesNotContain(processes, Signals.IsAlive);
        Assert.False(Directory.Exists(Path.GetDirectoryName(directory)));
    }
}

[Collection(ProcessTests.Collection)]
public sealed class SharedPostgresTests(SharedPostgres postgres)
{
    [Fact]
    public async Task It_keeps_the_durability_that_production_has()
    {
        var server = postgres.Server;

        Assert.Equal("on", await Sql.ExecuteAsync(server, "SHOW fsync"));
        Assert.Equal("on", await Sql.ExecuteAsync(server, "SHOW synchronous_commit"));
        Assert.Equal("on", await Sql.ExecuteAsync(server, "SHOW full_page_writes"));
        Assert.Equal("200", await Sql.ExecuteAsync(server, "SHOW max_connections"));
    }

    [Fact]
    public async Task A_dropped_database_takes_its_connections_along()
    {
        var database = await postgres.Server.CreateDatabaseAsync("chat_dropped");
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();

        await postgres.Server.DropDatabaseAsync("chat_dropped");

        Assert.Null(await Sql.ExecuteAsync(
            postgres.Server, "SELECT 1 FROM pg_database WHERE datname = 'chat_dropped'"));
    }
}

internal static class Sql
{
    internal static async Task<object?> ExecuteAsync(TemporaryPostgres server, string sql)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
