using Chat.Delivery;
using Chat.Overload;

namespace Chat.Gateway.Conversations;

/// <summary>
/// Calls that travel together: each caller waits for its own answer, and what piles up within a few milliseconds is one
/// call. Bounded; where it is full the caller is refused at once.
/// </summary>
internal sealed class BatchedCalls<TItem, TAnswer>
{
    private const int QueuedMax = 16_384;
    private const int BatchMax = 256;

    private readonly OutgoingLane<Waiting> _lane;
    private readonly Func<TItem[], Task<TAnswer[]>> _call;

    public BatchedCalls(
        Func<TItem[], Task<TAnswer[]>> call, TimeSpan callsApart, LoadGauge load, TimeProvider time)
    {
        _call = call;
        _lane = new OutgoingLane<Waiting>(
            QueuedMax, BatchMax, callsApart, Start, static (_, _) => false, static () => false, load, time)
        {
            Gathers = true,
        };
    }

    private readonly record struct Waiting(TItem Item, TaskCompletionSource<TAnswer> Answered);

    public Task<TAnswer> CallAsync(TItem item)
    {
        var answered = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_lane.TryEnqueue(new Waiting(item, answered))) answered.SetException(new IntakeFullException());
        return answered.Task;
    }

    private Task Start(List<Waiting> batch)
    {
        _ = CallAsync(batch);
        return Task.CompletedTask;
    }

    private async Task CallAsync(List<Waiting> batch)
    {
        try
        {
            var items = new TItem[batch.Count];
            for (var i = 0; i < items.Length; i++) items[i] = batch[i].Item;
            var answers = await _call(items);
            for (var i = 0; i < batch.Count; i++) batch[i].Answered.SetResult(answers[i]);
        }
        catch (Exception e)
        {
            // The outcome of each is unknown; each caller says so to its client.
            foreach (var one in batch) one.Answered.TrySetException(e);
        }
    }
}

/// <summary>Too much waits for one silo; nothing was sent.</summary>
internal sealed class IntakeFullException() : Exception("Too much waits for one silo.");
