using Chat.Ids;
using Chat.Overload;

namespace Chat.Delivery;

/// <summary>
/// The way of route notices to one silo. What its queue has no room for is kept, each user's newest, and follows as
/// soon as there is: a silo that never learned of a device would lose its pushes without a word.
/// <para><b>Bound.</b> Beside the queue one notice for each user of this silo.</para>
/// </summary>
internal sealed class RouteLane
{
    private readonly IRouteEndpoint _endpoint;
    private readonly Func<bool> _isGone;
    private readonly OutgoingLane<Notice> _lane;
    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, Notice> _kept = [];
    private readonly Queue<UserId> _keptInOrder = new();

    public RouteLane(
        IRouteEndpoint endpoint, Func<bool> isGone, DeliveryOptions options, LoadGauge load, TimeProvider time)
    {
        _endpoint = endpoint;
        _isGone = isGone;
        _lane = new OutgoingLane<Notice>(
            options.QueuedPushesMax, options.BatchPushesMax, options.CallsApart, SendAsync,
            (batch, _) => OnFailed(batch), isGone, load, time);
    }

    private readonly record struct Notice(Route Route, TaskCompletionSource<bool> Known);

    /// <summary>Returns when that silo knows.</summary>
    /// <returns>False: it never will, since it is gone.</returns>
    public Task<bool> TellAsync(Route route)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(route.UserId, out var older))
            {
                // Whoever waits for the older one waits for the newer.
                _kept[route.UserId] = older with { Route = route };
                return older.Known.Task;
            }

            var known = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            var notice = new Notice(route, known);
            if (!_lane.TryEnqueue(notice))
            {
                _kept[route.UserId] = notice;
                _keptInOrder.Enqueue(route.UserId);
            }

            return known.Task;
        }
    }

    private async Task SendAsync(List<Notice> batch)
    {
        await _endpoint.Apply(batch.ConvertAll(notice => notice.Route).ToArray());
        End(batch, known: true);
    }

    /// <summary>Notices are idempotent: they are sent until the silo is gone.</summary>
    private bool OnFailed(List<Notice> batch)
    {
        if (!_isGone()) return true;
        End(batch, known: false);
        return false;
    }

    private void End(List<Notice> batch, bool known)
    {
        foreach (var notice in batch) notice.Known.TrySetResult(known);
        QueueKept();
    }

    private void QueueKept()
    {
        lock (_lock)
        {
            while (_keptInOrder.TryPeek(out var user) && _lane.TryEnqueue(_kept[user]))
            {
                _kept.Remove(user);
                _keptInOrder.Dequeue();
            }
        }
    }
}
