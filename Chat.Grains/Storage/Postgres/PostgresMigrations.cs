using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>
/// Applies the embedded scripts, each in a transaction of its own, under an advisory lock: of several processes that
/// start at once one applies them and the others find them applied.
/// </summary>
internal sealed class PostgresMigrations(NpgsqlDataSource database) : IStoreSetup
{
    private const string Folder = "Postgres";

    /// <summary>Any fixed number of ours: "chat" in ASCII.</summary>
    private const long LockKey = 0x63686174;

    public Task ApplyMigrationsAsync(CancellationToken cancel) => ApplyAsync(MigrationScripts.Of(Folder), cancel);

    internal async Task ApplyAsync(IReadOnlyList<MigrationScript> scripts, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancel);
        try
        {
            await ExecuteAsync(
                connection,
                """
                CREATE TABLE IF NOT EXISTS chat_migration (
                    name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
                """,
                cancel);
            foreach (var script in MigrationScripts.Missing(scripts, await ReadAppliedAsync(connection, cancel)))
                await ApplyAsync(connection, script, cancel);
        }
        finally
        {
            // The pool does not reset connections, so the lock is given back by hand.
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    public async Task<byte[]> GetDirectKeyAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT value FROM secret WHERE name = 'direct-ids'");
        return (byte[])(await command.ExecuteScalarAsync(cancel))!;
    }

    public async Task<bool> IsReachableAsync(CancellationToken cancel)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancel);
            return true;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, MigrationScript script, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, script.Text, cancel);
        await using var record = new NpgsqlCommand(
            "INSERT INTO chat_migration (name, checksum) VALUES ($1, $2)", connection, transaction);
        record.Parameters.With(script.Name).With(script.Checksum);
        await record.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<Dictionary<string, string>> ReadAppliedAsync(
        NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT name, checksum FROM chat_migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancel))
            applied.Add(reader.GetString(0), reader.GetString(1));
        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        // Others may hold the lock for as long as a migration takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
