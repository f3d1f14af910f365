using Chat.Storage;
using Chat.Storage.Postgres;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Storage;

[Collection(ProcessTests.Collection)]
public sealed class Migrating(SharedPostgres postgres)
{
    [Theory, EachStore]
    public async Task Migrations_are_applied_once_by_however_many(string kind)
    {
        await using var store = await TestStore.StartAsync(kind, postgres);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            store.Setup.ApplyMigrationsAsync(CancellationToken.None)));

        Assert.True(await store.Setup.IsReachableAsync(CancellationToken.None));
        var chat = await TestChat.OpenAsync(store);
        await chat.SaysAsync(chat.Alice, "still here");
    }

    [Theory]
    [InlineData("Postgres")]
    [InlineData("Sqlite")]
    public void Scripts_are_embedded_in_order(string folder)
    {
        var scripts = MigrationScripts.Of(folder);

        Assert.NotEmpty(scripts);
        Assert.All(scripts, (script, i) => Assert.StartsWith($"{i + 1:0000}-", script.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Line_ends_do_not_change_a_checksum() =>
        Assert.Equal(MigrationScripts.Script("1", "a\nb").Checksum, MigrationScripts.Script("1", "a\r\nb").Checksum);

    [Fact]
    public async Task A_changed_migration_is_refused_and_nothing_is_applied()
    {
        await using var store = await TestStore.StartAsync(EachStoreAttribute.PostgreSql, postgres);
        var migrations = new PostgresMigrations(store.Postgres);
        var embedded = MigrationScripts.Of("Postgres");
        MigrationScript[] changed =
            [MigrationScripts.Script(embedded[0].Name, embedded[0].Text + "-- a word more"), .. embedded.Skip(1),
             MigrationScripts.Script("9999-new", "CREATE TABLE never_made (id integer)")];

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            migrations.ApplyAsync(changed, CancellationToken.None));

        Assert.Contains(embedded[0].Name, refusal.Message, StringComparison.Ordinal);
        await using var command = store.Postgres.CreateCommand("SELECT to_regclass('never_made') IS NULL");
        Assert.Equal(true, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_behind_and_can_be_repeated()
    {
        await using var store = await TestStore.StartAsync(EachStoreAttribute.PostgreSql, postgres);
        var migrations = new PostgresMigrations(store.Postgres);
        var embedded = MigrationScripts.Of("Postgres");

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => migrations.ApplyAsync(
            [.. embedded, MigrationScripts.Script("9999-new", "CREATE TABLE made (id integer); SELECT 1/0")],
            CancellationToken.None));
        await migrations.ApplyAsync(
            [.. embedded, MigrationScripts.Script("9999-new", "CREATE TABLE made (id integer)")],
            CancellationToken.None);
    }

    [Fact]
    public void A_migration_before_an_applied_one_is_refused()
    {
        var (first, second) = (MigrationScripts.Script("0001-a", "a"), MigrationScripts.Script("0002-b", "b"));

        var refusal = Assert.Throws<InvalidOperationException>(() => MigrationScripts.Missing(
            [first, second], new Dictionary<string, string> { [second.Name] = second.Checksum }));

        Assert.Contains(first.Name, refusal.Message, StringComparison.Ordinal);
    }
}
