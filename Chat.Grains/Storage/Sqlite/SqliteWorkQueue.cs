namespace Chat.Storage.Sqlite;

/// <summary>
/// Work that waits for a dedicated thread. Bounded: when it is full, who brings more waits until there is room, or is
/// told so.
/// </summary>
/// <remarks>A monitor and no channel: its takers are threads, which block; a channel is awaited.</remarks>
internal sealed class SqliteWorkQueue(int capacity) : IDisposable
{
    private readonly SemaphoreSlim _room = new(capacity);
    private readonly Queue<SqliteWork> _waiting = new();
    private bool _isClosed;

    /// <summary>Waits for room.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async ValueTask AddAsync(SqliteWork work, CancellationToken cancel)
    {
        if (!_room.Wait(0, CancellationToken.None))
            await _room.WaitAsync(cancel);
        Enqueue(work);
    }

    /// <returns>False: it is full.</returns>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public bool TryAdd(SqliteWork work)
    {
        if (!_room.Wait(0, CancellationToken.None))
            return false;
        Enqueue(work);
        return true;
    }

    /// <summary>Blocks until there is work, then takes up to <paramref name="max"/> pieces of it.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <returns>False: the queue is closed and empty. True with nothing taken: the patience is over.</returns>
    public bool Take(List<SqliteWork> into, int max, TimeSpan patience)
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_isClosed)
                    return false;

                if (!Monitor.Wait(_waiting, patience))
                    return true;
            }

            while (into.Count < max && _waiting.TryDequeue(out var work))
                into.Add(work);
        }

        _room.Release(into.Count);
        return true;
    }

    /// <summary>Takes no more; what waits is still done.</summary>
    public void Close()
    {
        lock (_waiting)
        {
            _isClosed = true;
            Monitor.PulseAll(_waiting);
        }
    }

    public void Dispose() => _room.Dispose();

    private void Enqueue(SqliteWork work)
    {
        lock (_waiting)
        {
            if (!_isClosed)
            {
                _waiting.Enqueue(work);
                Monitor.Pulse(_waiting);
                return;
            }
        }

        _room.Release();
        throw new ObjectDisposedException(nameof(SqliteDatabase));
    }
}
