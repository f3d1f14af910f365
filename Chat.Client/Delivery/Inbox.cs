using Microsoft.Extensions.Logging;

namespace Chat.Client;

/// <summary>
/// A device's one line of work: pushes, answers and events are handled one after another, on a pool thread, so that
/// what they change needs no lock and handlers are never entered twice at once. An idle device holds no thread, task
/// or timer.
/// </summary>
/// <remarks>
/// Full (<c>max</c> pushes wait): further pushes are dropped and <c>dropped</c> is called once there is room again.
/// Work that the device gives itself (<see cref="RunAsync"/>, <see cref="Run"/>) is never dropped; the callers see to
/// it that little of it is under way.
/// </remarks>
internal sealed partial class Inbox(int max, Action<object> handle, Action dropped, ILogger logger)
    : IThreadPoolWorkItem
{
    private const int TurnMax = 256;

    private readonly Lock _gate = new();
    private readonly Queue<object> _items = new();
    private bool _isRunning;
    private bool _hasDropped;

    /// <summary>Takes a push, or drops it.</summary>
    public void Post(object push)
    {
        lock (_gate)
        {
            if (_items.Count >= max)
            {
                _hasDropped = true;
                return;
            }

            Enqueue(push);
        }
    }

    /// <summary>Runs in turn.</summary>
    public void Run(Action work)
    {
        lock (_gate) Enqueue(work);
    }

    /// <summary>Runs in turn, and is waited for: back-pressure for whoever brings much.</summary>
    public Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Run(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e)
            {
                // Not lost: whoever waits gets it.
                done.SetException(e);
            }
        });
        return done.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var turn = 0; turn < TurnMax; turn++)
        {
            object? item;
            lock (_gate)
            {
                if (!_items.TryDequeue(out item) && !_hasDropped)
                {
                    _isRunning = false;
                    return;
                }

                if (item is null) _hasDropped = false;
            }

            Handle(item);
        }

        // Others' turn.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Handle(object? item)
    {
        try
        {
            if (item is null) dropped();
            else if (item is Action work) work();
            else handle(item);
        }
        catch (Exception e)
        {
            // One item is lost; a pool thread must not die of it. A lost entry shows as a gap and is read again.
            LogItemFailed(e, item?.GetType().Name);
        }
    }

    private void Enqueue(object item)
    {
        _items.Enqueue(item);
        if (_isRunning) return;
        _isRunning = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Handling a {Kind} failed")]
    private partial void LogItemFailed(Exception e, string? kind);
}
