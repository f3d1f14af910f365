using Microsoft.Data.Sqlite;

namespace Chat.Storage.Sqlite;

/// <summary>Applies the scripts of <c>Storage/Migrations/Sqlite</c>; <c>chat_migration</c> lists the applied.</summary>
/// <remarks>The lock that other processes respect is the data directory's.</remarks>
internal sealed class SqliteSetup(SqliteDatabase database, TimeProvider clock) : IStoreSetup
{
    public Task ApplyMigrationsAsync(CancellationToken cancel) => database.WriteInTurnAsync(Apply, cancel);

    public Task<byte[]> GetDirectKeyAsync(CancellationToken cancel) => database.ReadAsync(
        session =>
        {
            var row = session.Get("SELECT value FROM secret WHERE name = 'direct-ids'");
            var key = row.Step()
                ? row.Bytes(0).ToArray()
                : throw new InvalidOperationException("The store has no key of direct conversations.");
            row.Reset();
            return key;
        },
        cancel);

    public async Task<bool> IsReachableAsync(CancellationToken cancel)
    {
        try
        {
            // Through the writer: it is what stops when the disk fails.
            return await database.WriteInTurnAsync(session => session.Get("SELECT 1").Scalar() == 1, cancel);
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // The answer is no; the writer has logged why.
            return false;
        }
    }

    private bool Apply(SqliteSession session)
    {
        session.Execute(
            """
            CREATE TABLE IF NOT EXISTS chat_migration (
                name TEXT NOT NULL PRIMARY KEY,
                checksum TEXT NOT NULL,
                applied_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """);
        var applied = new Dictionary<string, string>();
        var row = session.Get("SELECT name, checksum FROM chat_migration");
        while (row.Step())
            applied.Add(row.Text(0)!, row.Text(1)!);

        foreach (var script in MigrationScripts.Missing(MigrationScripts.Of("Sqlite"), applied))
        {
            session.Execute(script.Text);
            session.Get("INSERT INTO chat_migration (name, checksum, applied_at) VALUES (?, ?, ?)")
                .Bind(1, script.Name)
                .Bind(2, script.Checksum)
                .Bind(3, clock.GetUtcNow().ToUnixTimeMilliseconds())
                .Run();
        }

        return true;
    }
}
