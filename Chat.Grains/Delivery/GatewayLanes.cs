using System.Collections.Concurrent;
using Chat.Ids;
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

    /// <summary>Puts a push on its way. Never waits: what can't be queued ends in one "resume" to its users.</summary>
    public void Enqueue(SiloAddress gateway, Push push)
    {
        if (_lanes.TryGetValue(gateway, out var lane) || !_silos.IsGone(gateway))
            (lane ?? _lanes.GetOrAdd(gateway, _open)).Enqueue(push);
    }
}

/// <summary>
/// The way to one gateway. A push that is lost here (queue full, call failed) is never silent: its users are
/// remembered, once each, and get one <c>ResyncRequired</c> with the next call that succeeds. A gateway that is gone
/// takes its connections along; they resume wherever they come back.
/// </summary>
internal sealed partial class GatewayLane
{
    private readonly OutgoingLane<Push> _lane;
    private readonly IDeliveryEndpoint _endpoint;
    private readonly RouteTable _routes;
    private readonly SiloAddress _local;
    private readonly SiloAddress _gateway;
    private readonly ILogger _logger;
    private readonly Action<int> _taken;
    private readonly int _typingQueuedMax;
    private readonly int _presenceQueuedMax;
    private readonly Lock _lostLock = new();
    private HashSet<UserId> _lost = [];

    public GatewayLane(
        SiloAddress gateway, IDeliveryEndpoint endpoint, RouteTable routes, SiloDirectory silos,
        DeliveryOptions options, LoadGauge load, TimeProvider time, Action<int> taken, ILogger logger)
    {
        _gateway = gateway;
        _endpoint = endpoint;
        _routes = routes;
        _local = silos.Local;
        _logger = logger;
        _taken = taken;
        _typingQueuedMax = options.QueuedPushesMax / 8;
        _presenceQueuedMax = options.QueuedPushesMax / 4;
        _lane = new OutgoingLane<Push>(
            options.QueuedPushesMax, options.BatchPushesMax, options.CallsApart, SendAsync, OnFailed,
            () => silos.IsGone(gateway), load, time);
    }

    public int QueuedPushes => _lane.QueuedItems;

    public void Enqueue(Push push)
    {
        // What is outdated soon gives way first: typing, then presence, long before a message does.
        var fleetingMax = push.Typing is null ? _presenceQueuedMax : _typingQueuedMax;
        if (push.IsFleeting && _lane.QueuedItems >= fleetingMax) return;
        if (!_lane.TryEnqueue(push)) Lose([push]);
    }

    private async Task SendAsync(List<Push> batch)
    {
        _taken(batch.Count);
        var lost = TakeLost();
        if (lost.Count > 0) batch.Insert(0, new Push([.. lost], Resync: true));
        var asked = _routes.Now;
        foreach (var user in await _endpoint.Deliver(_local, [.. batch])) _routes.Correct(user, _gateway, asked);
        DeliveryMetrics.Sent(batch.Count);
    }

    /// <summary>
    /// The batch is not sent again: it may have arrived, and a device would see it twice. Its users resume instead; the
    /// lane tries until that has been said.
    /// </summary>
    private bool OnFailed(List<Push> batch, Exception exception)
    {
        LogDeliveryFailed(_gateway, batch.Count, exception);
        Lose(batch);
        batch.Clear();
        return true;
    }

    private void Lose(List<Push> pushes)
    {
        foreach (var push in pushes)
        {
            if (push.IsFleeting) continue;
            DeliveryMetrics.Lost(push.Users.Length);
            lock (_lostLock) _lost.UnionWith(push.Users);
        }
    }

    private HashSet<UserId> TakeLost()
    {
        lock (_lostLock)
        {
            if (_lost.Count == 0) return _lost;
            var lost = _lost;
            _lost = [];
            return lost;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Pushes} pushes to gateway {Gateway} failed; users will resume")]
    private partial void LogDeliveryFailed(SiloAddress gateway, int pushes, Exception exception);
}
