using Chat.Delivery;

namespace Chat.Conversations;

/// <summary>
/// An open conversation, for callers on its own silo: a call is a turn of the activation, in its place among the
/// others, without the messages of a grain call (which cost more than all else that a silo does for a send).
/// <para><b>Invariants.</b> Orleans does not see these turns. So each asks it to keep the activation for as long as a
/// grain call would, and a closing conversation first ends those under way; what comes later is turned away.</para>
/// </summary>
/// <param name="hasRoom">Whether its gateways take what it sends as fast as it comes.</param>
internal sealed class OpenConversation(
    ConversationGrain grain, IGrainContext activation, Audience audience, Func<bool> hasRoom)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The turns under way, and one until it closes.</summary>
    private int _holders = 1;

    private volatile bool _hasClosed;

    private ConversationGrain Grain => grain;

    /// <summary>A call has to wait for nothing.</summary>
    public bool IsReady => !_hasClosed && audience.IsReady;

    /// <summary>Nor has a send.</summary>
    public bool IsReadyForSends => IsReady && hasRoom();

    /// <returns>Null: it has closed before the call's turn came.</returns>
    public Task<TAnswer?> CallAsync<TItem, TAnswer>(TItem item, Func<ConversationGrain, TItem, Task<TAnswer>> call)
        where TAnswer : class
    {
        Interlocked.Increment(ref _holders);
        var turn = new Turn<TItem, TAnswer>(this, item, call);
        activation.Scheduler.QueueAction(static turn => ((ITurn)turn).Run(), turn);
        return turn.Task;
    }

    /// <summary>Takes no more calls; returns when those under way have ended.</summary>
    public Task CloseAsync()
    {
        if (!_hasClosed)
        {
            _hasClosed = true;
            LetGo();
        }

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

    private sealed class Turn<TItem, TAnswer>(
        OpenConversation conversation, TItem item, Func<ConversationGrain, TItem, Task<TAnswer>> call)
        : TaskCompletionSource<TAnswer?>, ITurn
        where TAnswer : class
    {
        public async void Run()
        {
            try
            {
                SetResult(conversation._hasClosed ? null : await CallAsync());
            }
            catch (Exception e)
            {
                // The caller's to judge.
                SetException(e);
            }
            finally
            {
                conversation.LetGo();
            }
        }

        private Task<TAnswer> CallAsync()
        {
            conversation.Grain.StayOpen();
            return call(conversation.Grain, item);
        }
    }
}
