using System.Collections.Concurrent;
using Chat.Overload;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chat.Delivery;

/// <summary>A silo's lanes to the gateways: one each.</summary>
internal sealed class GatewayLanes
{
    private readonly ConcurrentDictionary<SiloAddress, GatewayLane> _lanes = new();
    private readonly Func<SiloAddress, GatewayLane> _open;
    private readonly SiloDirectory _silos;
    private long _taken;

    public GatewayLanes(
        Func<SiloAddress, IDeliveryEndpoint> endpoints, RouteTable routes, SiloDirectory silos,
        IOptions<DeliveryOptions> options, LoadGauge load, TimeProvider time, ILogger<GatewayLane> logger)
    {
        _silos = silos;
        _open = gateway => new GatewayLane(
            gateway, endpoints(gateway), routes, silos, options.Value, load, time,
            pushes => Interlocked.Add(ref _taken, pushes), logger);
        silos.SiloGone += silo => _lanes.TryRemove(silo, out _);
        int Queued() => _lanes.Values.Sum(lane => lane.QueuedPushes);
        load.Watch("pushes", () => Queued(), () => _taken);
        DeliveryMetrics.ObserveQueue(Queued);
    }

    /// <summary>
    /// Done while these gateways take the pushes to many users as fast as they come; has to be awaited before more of
    /// them are made, so that a busy large group is slowed and nothing of it piles up.
    /// </summary>
    public Task RoomAsync(IReadOnlyList<AudienceAt> places)
    {
        List<Task>? waits = null;
        foreach (var (gateway, users) in places)
        {
            if (users.Length < Push.ManyUsers || !_lanes.TryGetValue(gateway, out var lane)) continue;
            if (lane.RoomAsync() is { IsCompleted: false } wait) (waits ??= new List<Task>(places.Count)).Add(wait);
        }

        return waits is null ? Task.CompletedTask : Task.WhenAll(waits);
    }

    /// <summary>Puts a push on its way. Never waits: what can't be queued ends in one "resume" to its users.</summary>
    public void Enqueue(SiloAddress gateway, Push push)
    {
        if (_lanes.TryGetValue(gateway, out var lane) || !_silos.IsGone(gateway))
            (lane ?? _lanes.GetOrAdd(gateway, _open)).Enqueue(push);
    }
}
