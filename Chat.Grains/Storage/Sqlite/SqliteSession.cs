using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Chat.Storage.Sqlite;

/// <summary>One connection to the file with the statements that it has prepared. Used by one thread.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;

    // By reference: the texts are constants, and hashing one would cost more than a small statement.
    private readonly Dictionary<object, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);

    private SqliteSession(SqliteConnection connection)
    {
        _connection = connection;
        _database = connection.Handle!;
    }

    /// <summary>False once SQLite has ended the transaction by itself (full disk, failed read or write).</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>
    /// Since when the journal may still hold erased text (a <see cref="Stopwatch"/>'s time stamp); null: it does not.
    /// </summary>
    public long? ErasedSince { get; private set; }

    public static SqliteSession Open(string file, bool readOnly, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            // Sessions live as long as the process; a pool would only keep the file open after the last one is closed.
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Execute(pragmas);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The prepared statement of a text, free for use.</summary>
    /// <param name="sql">A constant.</param>
    public SqliteStatement Get(string sql)
    {
        if (_statements.TryGetValue(sql, out var known))
        {
            known.Reset();
            return known;
        }

        var result = raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle);
        if (result != raw.SQLITE_OK)
            throw Failure(_database, result);

        var statement = new SqliteStatement(_database, handle);
        _statements.Add(sql, statement);
        return statement;
    }

    /// <summary>Runs a script, unprepared.</summary>
    public void Execute(string script)
    {
        var result = raw.sqlite3_exec(_database, script);
        if (result != raw.SQLITE_OK)
            throw Failure(_database, result);
    }

    /// <summary>What was erased is overwritten in the file, but not in the journal.</summary>
    public void MarkErased() => ErasedSince ??= Stopwatch.GetTimestamp();

    /// <summary>Moves the journal into the file and cuts it to nothing, unless a reader is in the way.</summary>
    public void EmptyJournal()
    {
        // 0 in the first column: done.
        if (Get("PRAGMA wal_checkpoint(TRUNCATE)").Scalar() == 0)
            ErasedSince = null;
    }

    /// <summary>Ends what is still stepping, so that a transaction can end.</summary>
    public void ResetAll()
    {
        foreach (var statement in _statements.Values)
            statement.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();

        _statements.Clear();
        _connection.Dispose();
    }

    public static SqliteException Failure(sqlite3 database, int result) => new(
        $"SQLite error {result}: {raw.sqlite3_errmsg(database).utf8_to_string()}",
        result & 0xff,
        raw.sqlite3_extended_errcode(database));
}
