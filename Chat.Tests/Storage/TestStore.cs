using Chat.Groups;
using Chat.Ids;
using Chat.Storage;
using Chat.Storage.Postgres;
using Chat.Storage.Sqlite;
using Chat.Tests.Harness;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chat.Tests.Storage;

/// <summary>A store of one test, empty and migrated, and a back door into its tables.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly TemporaryDirectory? _directory;
    private readonly Func<Task> _remove;

    private TestStore(ServiceProvider services, TemporaryDirectory? directory, Func<Task> remove)
    {
        (_services, _directory, _remove) = (services, directory, remove);
    }

    public IMessageLog Log => _services.GetRequiredService<IMessageLog>();
    public IConversationReader Reader => _services.GetRequiredService<IConversationReader>();
    public IGroupStore Groups => _services.GetRequiredService<IGroupStore>();
    public IPresenceStore Presence => _services.GetRequiredService<IPresenceStore>();
    public IAccountStore Accounts => _services.GetRequiredService<IAccountStore>();
    public IStoreSetup Setup => _services.GetRequiredService<IStoreSetup>();
    public SqliteDatabase SqliteDatabase => _services.GetRequiredService<SqliteDatabase>();
    public NpgsqlDataSource Postgres => _services.GetRequiredService<NpgsqlDataSource>();

    /// <summary>Of SQLite; null with PostgreSQL.</summary>
    public string? Directory => _directory?.Path;

    /// <summary>Of a PostgreSQL store.</summary>
    public string ConnectionString { get; private init; } = "";

    public static async Task<TestStore> StartAsync(string kind, SharedPostgres postgres)
    {
        var services = new ServiceCollection().AddLogging();
        TestStore store;
        if (kind == EachStoreAttribute.Sqlite)
        {
            var directory = new TemporaryDirectory("store");
            services.AddSqliteStore(directory.Path);
            store = new TestStore(services.BuildServiceProvider(), directory, () => Task.CompletedTask);
        }
        else
        {
            var name = $"store_{Guid.NewGuid():N}";
            var connectionString = await postgres.Server.CreateDatabaseAsync(name);
            services.AddPostgresStore(connectionString);
            store = new TestStore(services.BuildServiceProvider(), null, () => postgres.Server.DropDatabaseAsync(name))
            {
                ConnectionString = connectionString,
            };
        }
        await store.Setup.ApplyMigrationsAsync(CancellationToken.None);
        return store;
    }

    /// <summary>Writes a member's first and last readable entry, as joining and leaving a group does.</summary>
    public Task SetStayAsync(ConversationId id, UserId user, long joinedSeq, long? leftSeq) => ExecuteAsync(
        $"""
        UPDATE membership SET joined_seq = {joinedSeq}, left_seq = {leftSeq?.ToString() ?? "NULL"}
        WHERE conversation_id = '{id}' AND user_id = '{user}'
        """,
        $"""
        UPDATE membership SET joined_seq = {joinedSeq}, left_seq = {leftSeq?.ToString() ?? "NULL"}
        WHERE conversation_key = (SELECT key FROM conversation WHERE conversation_id = x'{id}')
            AND user_key = (SELECT key FROM user_key WHERE user_id = x'{user}')
        """);

    /// <summary>Takes entries away, as retention does.</summary>
    public Task RemoveEntriesAsync(ConversationId id, long fromSeq, long toSeq) => ExecuteAsync(
        $"DELETE FROM message WHERE conversation_id = '{id}' AND seq BETWEEN {fromSeq} AND {toSeq}",
        $"""
        DELETE FROM message WHERE seq BETWEEN {fromSeq} AND {toSeq}
            AND conversation_key = (SELECT key FROM conversation WHERE conversation_id = x'{id}')
        """);

    /// <summary>Makes the key of direct conversations' ids anew, as the migration makes it.</summary>
    public Task MakeDirectKeyAgainAsync() => MigrateAgainAsync("-direct-ids", "DROP TABLE secret;");

    /// <summary>Applies the script whose name ends so once more.</summary>
    public Task MigrateAgainAsync(string name, string first = "") =>
        ExecuteAsync(first + Migration("Postgres", name), first + Migration("Sqlite", name));

    /// <summary>Every stored content, in one string.</summary>
    public async Task<string> AllContentsAsync()
    {
        const string Sql = "SELECT string_agg(content, ' ') FROM message";
        if (_directory is null)
        {
            await using var command = Postgres.CreateCommand(Sql);
            return await command.ExecuteScalarAsync() as string ?? "";
        }
        await using var connection = await OpenSqliteAsync();
        await using var query = connection.CreateCommand();
        query.CommandText = Sql;
        return await query.ExecuteScalarAsync() as string ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _remove();
        _directory?.Dispose();
    }

    private static string Migration(string folder, string name) => MigrationScripts.Of(folder)
        .Single(script => script.Name.EndsWith(name, StringComparison.Ordinal)).Text;

    private async Task ExecuteAsync(string postgres, string sqlite)
    {
        if (_directory is null)
        {
            await using var command = Postgres.CreateCommand(postgres);
            await command.ExecuteNonQueryAsync();
            return;
        }
        await using var connection = await OpenSqliteAsync();
        await using var statement = connection.CreateCommand();
        statement.CommandText = sqlite;
        await statement.ExecuteNonQueryAsync();
    }

    private async Task<SqliteConnection> OpenSqliteAsync()
    {
        var file = Path.Combine(_directory!.Path, "chat.db");
        var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=5");
        await connection.OpenAsync();
        return connection;
    }
}
