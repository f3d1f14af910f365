namespace Chat.Conversations;

/// <summary>
/// Turns of an activation for callers on its own silo: each in its place among the others, without the messages of a
/// grain call (a third of what a silo did for a send).
/// <para><b>Invariants.</b> Orleans does not see these turns. So each asks for the activation to be kept as long as
/// a grain call would keep it, and a closing activation first ends those under way; what comes later is turned
/// away.</para>
/// </summary>
/// <param name="stayOpen">Asks Orleans to keep the activation; called in its turns.</param>
internal sealed class ActivationTurns(IWorkItemScheduler scheduler, Action stayOpen)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The turns under way, and one until it closes.</summary>
    private int _holders = 1;

    private int _hasClosed;

    public bool HasClosed => Volatile.Read(ref _hasClosed) != 0;

    /// <returns>Null: it has closed before the turn came.</returns>
    public Task<TAnswer?> RunAsync<TAnswer>(Func<Task<TAnswer>> turn)
        where TAnswer : class
    {
        Interlocked.Increment(ref _holders);
        var queued = new Turn<TAnswer>(this, turn);
        scheduler.QueueAction(static queued => ((ITurn)queued).Run(), queued);
        return queued.Task;
    }

    /// <summary>Takes no more turns; returns when those under way have ended.</summary>
    public Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _hasClosed, 1) == 0) LetGo();
        return _ended.Task;
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0) _ended.TrySetResult();
    }

    private interface ITurn
    {
        void Run();
    }

    private sealed class Turn<TAnswer>(ActivationTurns turns, Func<Task<TAnswer>> turn)
        : TaskCompletionSource<TAnswer?>, ITurn
        where TAnswer : class
    {
        public async void Run()
        {
            try
            {
                SetResult(turns.HasClosed ? null : await StartAsync());
            }
            catch (Exception e)
            {
                // The caller's to judge.
                SetException(e);
            }
            finally
            {
                turns.LetGo();
            }
        }

        private Task<TAnswer> StartAsync()
        {
            turns.StayOpen();
            return turn();
        }
    }

    private void StayOpen() => stayOpen();
}
