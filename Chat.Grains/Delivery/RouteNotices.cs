using System.Collections.Concurrent;
using Chat.Overload;
using Microsoft.Extensions.Options;

namespace Chat.Delivery;

/// <summary>
/// Tells silos where a user is, over one lane each, until the silo has it or is gone. Notices are snapshots with a
/// version, so one that arrives twice does no harm.
/// </summary>
internal sealed class RouteNotices
{
    private readonly ConcurrentDictionary<SiloAddress, OutgoingLane<Notice>> _lanes = new();
    private readonly Func<SiloAddress, OutgoingLane<Notice>> _open;
    private readonly RouteTable _localTable;
    private readonly SiloDirectory _silos;

    public RouteNotices(
        RouteEndpoints endpoints, RouteTable localTable, SiloDirectory silos, IOptions<DeliveryOptions> options,
        LoadGauge load, TimeProvider time)
    {
        _localTable = localTable;
        _silos = silos;
        _open = silo => new OutgoingLane<Notice>(
            options.Value.QueuedPushesMax,
            options.Value.BatchPushesMax,
            options.Value.CallsApart,
            batch => SendAsync(endpoints.Of(silo), batch),
            (batch, _) => !LetGo(batch, silos.IsGone(silo)),
            () => silos.IsGone(silo),
            load,
            time);
        silos.SiloGone += silo => _lanes.TryRemove(silo, out _);
    }

    private readonly record struct Notice(Route Route, TaskCompletionSource<bool> Known);

    /// <summary>Returns when that silo knows.</summary>
    /// <returns>False: it never will, since it is gone or its queue is full.</returns>
    public Task<bool> TellAsync(SiloAddress silo, Route route)
    {
        if (silo.Equals(_silos.Local))
        {
            _localTable.Apply(route);
            return Task.FromResult(true);
        }

        if (_silos.IsGone(silo)) return Task.FromResult(false);
        var known = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _lanes.GetOrAdd(silo, _open).TryEnqueue(new Notice(route, known)) ? known.Task : Task.FromResult(false);
    }

    private static async Task SendAsync(IRouteEndpoint endpoint, List<Notice> batch)
    {
        await endpoint.Apply(batch.ConvertAll(notice => notice.Route).ToArray());
        foreach (var notice in batch) notice.Known.TrySetResult(true);
    }

    private static bool LetGo(List<Notice> batch, bool isGone)
    {
        if (isGone)
            foreach (var notice in batch) notice.Known.TrySetResult(false);
        return isGone;
    }
}
