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
    private readonly ConcurrentDictionary<SiloAddress, RouteLane> _lanes = new();
    private readonly Func<SiloAddress, RouteLane> _open;
    private readonly RouteTable _localTable;
    private readonly SiloDirectory _silos;

    public RouteNotices(
        RouteEndpoints endpoints, RouteTable localTable, SiloDirectory silos, IOptions<DeliveryOptions> options,
        LoadGauge load, TimeProvider time)
    {
        _localTable = localTable;
        _silos = silos;
        _open = silo => new RouteLane(endpoints.Of(silo), () => silos.IsGone(silo), options.Value, load, time);
        silos.SiloGone += silo => _lanes.TryRemove(silo, out _);
    }

    /// <summary>Returns when that silo knows.</summary>
    /// <returns>False: it never will, since it is gone.</returns>
    public Task<bool> TellAsync(SiloAddress silo, Route route)
    {
        if (silo.Equals(_silos.Local))
        {
            _localTable.Apply(route);
            return Task.FromResult(true);
        }

        return _silos.IsGone(silo) ? Task.FromResult(false) : _lanes.GetOrAdd(silo, _open).TellAsync(route);
    }
}
