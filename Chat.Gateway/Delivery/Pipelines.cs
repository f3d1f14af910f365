namespace Chat.Gateway.Delivery;

/// <summary>
/// Calls that keep their order. Orleans does not keep the order of calls that are not awaited, so each key has one call
/// in flight, and what piles up meanwhile travels together in the next. Nothing is kept for a key that rests.
/// <para><b>Bound.</b> None of its own: each item has a caller that waits, and callers are bounded (a connection runs
/// <c>ParallelCallsMax</c> calls at once).</para>
/// </summary>
/// <param name="call">Carries one batch and answers each item in order; never throws.</param>
internal sealed class Pipelines<TKey, TItem, TAnswer>(Func<TKey, TItem[], Task<TAnswer[]>> call)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, List<Waiting>?> _underWay = new(capacity: 0);

    private readonly record struct Waiting(TItem Item, TaskCompletionSource<TAnswer> Answered);

    /// <summary>Returns when this item is answered.</summary>
    public Task<TAnswer> CallAsync(TKey key, TItem item)
    {
        lock (_lock)
        {
            if (_underWay.TryGetValue(key, out var waiting))
            {
                var answered = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (waiting is null) _underWay[key] = waiting = [];
                waiting.Add(new Waiting(item, answered));
                return answered.Task;
            }

            _underWay[key] = null;
        }

        return CallFirstAsync(key, item);
    }

    private async Task<TAnswer> CallFirstAsync(TKey key, TItem item)
    {
        var answers = await call(key, [item]);
        if (TakeWaiting(key) is { } waiting) _ = CallRestAsync(key, waiting);
        return answers[0];
    }

    private async Task CallRestAsync(TKey key, List<Waiting> waiting)
    {
        for (var batch = waiting; batch is not null; batch = TakeWaiting(key))
        {
            var answers = await call(key, [.. batch.Select(one => one.Item)]);
            for (var i = 0; i < answers.Length; i++) batch[i].Answered.SetResult(answers[i]);
        }
    }

    private List<Waiting>? TakeWaiting(TKey key)
    {
        lock (_lock)
        {
            var waiting = _underWay[key];
            if (waiting is null) _underWay.Remove(key);
            else _underWay[key] = null;
            return waiting;
        }
    }
}
