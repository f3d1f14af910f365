namespace Chat.Storage.Sqlite;

/// <summary>One of the threads that read: each piece of work sees one committed state of the whole file.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteSession _session;
    private readonly SqliteWorkQueue _queue;
    private readonly Thread _thread;

    public SqliteReader(SqliteSession session, SqliteWorkQueue queue)
    {
        (_session, _queue) = (session, queue);
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite reader" };
        _thread.Start();
    }

    /// <summary>Finishes what is queued.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        _session.Dispose();
    }

    private void Run()
    {
        List<SqliteWork> taken = [];
        while (_queue.Take(taken, 1, Timeout.InfiniteTimeSpan))
        {
            foreach (var work in taken)
                Answer(work);

            taken.Clear();
        }
    }

    private void Answer(SqliteWork work)
    {
        if (work.TryCancel())
            return;

        try
        {
            _session.Get("BEGIN").Run();
            work.Execute(_session);
            _session.Get("COMMIT").Run();
        }
        catch (Exception e)
        {
            // Lost: this one answer. Its caller is told.
            _session.ResetAll();
            if (_session.IsInTransaction)
                _session.Execute("ROLLBACK");

            work.Fail(e);
            return;
        }

        work.Succeed();
    }
}
