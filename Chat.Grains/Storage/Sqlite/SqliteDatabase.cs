using Microsoft.Extensions.Logging;

namespace Chat.Storage.Sqlite;

/// <summary>
/// The file <c>chat.db</c> of a data directory that is ours alone: one writer, a few readers beside it (WAL).
/// </summary>
/// <remarks>
/// <para><b>Invariants.</b> A write is answered after its commit is flushed to the disk (<c>synchronous=FULL</c>). What
/// is deleted is overwritten (<c>secure_delete</c>).</para>
/// <para><b>Not promised.</b> A disk that lies about flushes loses what it lied about.</para>
/// </remarks>
internal sealed class SqliteDatabase : IDisposable
{
    private const string FileName = "chat.db";

    // Readers are for the odd slow page: on two cores, more than these only wait for one another.
    private const int Readers = 2;
    private const int WritesWaitingMax = 1_024;
    private const int ReadsWaitingMax = 4_096;

    // cache_size: KiB where negative. A checkpoint each 32 MB of journal: a page that changed often in that time is
    // moved once. Shorter ones cost a tenth more CPU per message; a restart reads it back in a fraction of a second.
    private const string WriterPragmas =
        """
        PRAGMA page_size = 4096;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -65536;
        PRAGMA busy_timeout = 5000;
        PRAGMA wal_autocheckpoint = 8000;
        """;

    private const string ReaderPragmas =
        """
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -16384;
        PRAGMA busy_timeout = 5000;
        """;

    private readonly SqliteWorkQueue _writes = new(WritesWaitingMax);
    private readonly SqliteWorkQueue _reads = new(ReadsWaitingMax);
    private readonly SqliteWriter _writer;
    private readonly SqliteReader[] _readers;

    public SqliteDatabase(DataDirectoryLock directory, ILogger<SqliteDatabase> logger)
    {
        var file = Path.Combine(directory.Directory, FileName);
        CreatePrivate(file);
        _writer = new SqliteWriter(SqliteSession.Open(file, readOnly: false, WriterPragmas), _writes, Keys, logger);
        _readers = new SqliteReader[Readers];
        for (var i = 0; i < Readers; i++)
        {
            _readers[i] = new SqliteReader(SqliteSession.Open(file, readOnly: true, ReaderPragmas), _reads);
        }
    }

    /// <summary>For work of the writer alone.</summary>
    public SqliteKeys Keys { get; } = new();

    /// <summary>Runs a piece of work on the writer's thread; answers once it is durable.</summary>
    /// <exception cref="StoreBusyException">Too many wait already.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> body, CancellationToken cancel)
    {
        var work = new SqliteWork<T>(body, cancel);
        return _writes.TryAdd(work) ? work.Answer : Task.FromException<T>(new StoreBusyException());
    }

    /// <summary>
    /// The same for those who are few, as each of them has one write under way: the log's lanes, what is written
    /// behind. They wait for room, so that others' writes never make a message be refused.
    /// </summary>
    public async Task<T> WriteInTurnAsync<T>(Func<SqliteSession, T> body, CancellationToken cancel)
    {
        var work = new SqliteWork<T>(body, cancel);
        await _writes.AddAsync(work, cancel);
        return await work.Answer;
    }

    /// <summary>Runs a piece of work on a reader's thread, within one snapshot.</summary>
    /// <exception cref="StoreBusyException">Too many wait already.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> body, CancellationToken cancel)
    {
        var work = new SqliteWork<T>(body, cancel);
        return _reads.TryAdd(work) ? work.Answer : Task.FromException<T>(new StoreBusyException());
    }

    public void Dispose()
    {
        foreach (var reader in _readers)
            reader.Dispose();

        // Last: it empties the journal, which a reader's snapshot would keep.
        _writer.Dispose();
        _reads.Dispose();
        _writes.Dispose();
    }

    // SQLite gives journal and shared memory the rights of the file.
    private static void CreatePrivate(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        using var created = new FileStream(file, options);
    }
}
