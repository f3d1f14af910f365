using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Chat.Storage.Sqlite;

/// <summary>
/// The one thread that writes. Each time it takes what has queued and commits it as one transaction: the price of the
/// disk's flush is shared by all who wait. Where a piece of work fails, the batch begins again with a savepoint before
/// each, so that it takes no other along; not at once, since a savepoint copies every page that is changed after it.
/// </summary>
internal sealed partial class SqliteWriter : IDisposable
{
    /// <summary>SQLITE_IOERR_FSYNC: the system may have dropped what it could not write.</summary>
    private const int FlushFailed = 1034;

    private const int BatchMax = 256;

    // How soon erased text leaves the journal: after a moment's rest, or after this long without one.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ErasedKeptMax = TimeSpan.FromMinutes(1);

    private readonly SqliteSession _session;
    private readonly SqliteWorkQueue _queue;
    private readonly SqliteKeys _keys;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private Exception? _broken;

    public SqliteWriter(SqliteSession session, SqliteWorkQueue queue, SqliteKeys keys, ILogger logger)
    {
        (_session, _queue, _keys, _logger) = (session, queue, keys, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite writer" };
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
        List<SqliteWork> taken = [], done = [];
        while (_queue.Take(taken, BatchMax, Idle))
        {
            if (taken.Count > 0)
                Commit(taken, done);
            EraseJournal(isIdle: taken.Count == 0);
            taken.Clear();
            done.Clear();
        }

        EraseJournal(isIdle: true);
    }

    /// <summary>Answers each piece of work, whatever happens.</summary>
    private void Commit(List<SqliteWork> taken, List<SqliteWork> done)
    {
        try
        {
            if (_broken is not null)
                throw new InvalidOperationException("The store has stopped writing, see the log.", _broken);
            taken.RemoveAll(work => work.TryCancel());
            if (!TryExecuteTogether(taken))
                ExecuteApart(taken, done);
            else
                done.AddRange(taken);
            _session.Get("COMMIT").Run();
        }
        catch (Exception e)
        {
            // Nothing of the batch is in the file, or, where the flush failed, nobody knows: its callers read back.
            Abandon(e);
            foreach (var work in taken)
                work.Fail(e);
            return;
        }

        foreach (var work in done)
            work.Succeed();
    }

    /// <returns>False: one failed and all is undone.</returns>
    private bool TryExecuteTogether(List<SqliteWork> taken)
    {
        _session.Get("BEGIN IMMEDIATE").Run();
        try
        {
            foreach (var work in taken)
                work.Execute(_session);
            return true;
        }
        catch (Exception e) when (taken.Count > 1)
        {
            // Not swallowed: the piece that failed fails again, alone.
            Abandon(e);
            return false;
        }
    }

    /// <summary>Answers those that fail.</summary>
    private void ExecuteApart(List<SqliteWork> taken, List<SqliteWork> done)
    {
        _session.Get("BEGIN IMMEDIATE").Run();
        foreach (var work in taken)
        {
            _session.Get("SAVEPOINT piece").Run();
            try
            {
                work.Execute(_session);
                done.Add(work);
            }
            catch (Exception e) when (_session.IsInTransaction)
            {
                // Lost: this piece alone. Its caller is told and decides.
                _session.ResetAll();
                _session.Get("ROLLBACK TO piece").Run();
                _keys.Forget();
                work.Fail(e);
            }

            _session.Get("RELEASE piece").Run();
        }
    }

    private void Abandon(Exception reason)
    {
        _keys.Forget();
        _session.ResetAll();
        if (_session.IsInTransaction)
            _session.Execute("ROLLBACK");

        if (reason is SqliteException { SqliteExtendedErrorCode: FlushFailed })
        {
            _broken = reason;
            WritingStopped(reason);
        }
    }

    /// <summary>
    /// Where text was erased, takes it out of the journal too, as soon as nothing else is to be done. Only then: a
    /// journal that has to grow again makes each flush dearer than one that is written over.
    /// </summary>
    private void EraseJournal(bool isIdle)
    {
        if (_broken is not null
            || _session.ErasedSince is not { } since
            || (!isIdle && Stopwatch.GetElapsedTime(since) < ErasedKeptMax))
        {
            return;
        }

        try
        {
            _session.EmptyJournal();
        }
        catch (SqliteException e)
        {
            // Nothing is lost: the journal stays and is tried again at the next occasion.
            JournalNotEmptied(e);
        }
    }

    [LoggerMessage(LogLevel.Critical, "The disk failed to keep a commit; nothing more is written until a restart")]
    private partial void WritingStopped(Exception reason);

    [LoggerMessage(LogLevel.Warning, "The journal could not be moved into the file")]
    private partial void JournalNotEmptied(Exception reason);
}
