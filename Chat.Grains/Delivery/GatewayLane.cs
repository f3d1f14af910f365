using Chat.Ids;
using Chat.Overload;
using Microsoft.Extensions.Logging;

namespace Chat.Delivery;

/// <summary>
/// The way to one gateway. A push that is lost here (queue full, call failed) is never silent: its users are
/// remembered, once each, and get one <c>ResyncRequired</c> with the next call that succeeds. A gateway that is gone
/// takes its connections along; they resume wherever they come back.
/// <para><b>Fairness.</b> Pushes to many users wait in a queue of their own; their gateway answers them late while
/// others want to pass. What is fleeting holds up none of the others: it does not count for the room that sends wait
/// for, and typing to many is dropped where that is taken.</para>
/// </summary>
internal sealed partial class GatewayLane
{
    private const int ManyOfOneCall = 16;
    private const int ManyWaiting = 16;

    /// <summary>
    /// Calls with pushes to many begin so many times as far apart: what a busy group says meanwhile leaves in one write
    /// to each of its members' sockets, and those are most of what it costs.
    /// </summary>
    private const int ManyApartTimes = 3;

    private readonly OutgoingLane<Push> _few;
    private readonly OutgoingLane<Push> _many;
    private readonly IDeliveryEndpoint _endpoint;
    private readonly RouteTable _routes;
    private readonly SiloAddress _local;
    private readonly SiloAddress _gateway;
    private readonly ILogger _logger;
    private readonly Action<int> _taken;
    private readonly int _typingQueuedMax;
    private readonly int _presenceQueuedMax;
    private readonly Lock _roomLock = new();
    private readonly Lock _lostLock = new();
    private TaskCompletionSource? _room;
    private HashSet<UserId> _lost = [];

    /// <summary>Pushes to many that wait, without what is fleeting.</summary>
    private int _manyKept;

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
        _few = Open(options.BatchPushesMax, options.CallsApart, SendAsync);
        _many = Open(ManyOfOneCall, ManyApartTimes * options.CallsApart, SendManyAsync);

        OutgoingLane<Push> Open(int batchMax, TimeSpan apart, Func<List<Push>, Task> send) => new(
            options.QueuedPushesMax, batchMax, apart, send, OnFailed, () => silos.IsGone(gateway), load, time);
    }

    public int QueuedPushes => _few.QueuedItems + _many.QueuedItems;

    public void Enqueue(Push push)
    {
        // What is outdated soon gives way first: typing, then presence, long before a message does.
        var lane = push.IsToMany ? _many : _few;
        if (push.IsFleeting)
        {
            if (lane.QueuedItems < FleetingMax(push)) lane.TryEnqueue(push);
            return;
        }

        if (push.IsToMany) Interlocked.Increment(ref _manyKept);
        if (lane.TryEnqueue(push)) return;
        if (push.IsToMany) Interlocked.Decrement(ref _manyKept);
        Lose([push]);
    }

    /// <summary>Done while few pushes to many users wait.</summary>
    public Task RoomAsync()
    {
        if (HasRoom) return Task.CompletedTask;
        lock (_roomLock)
        {
            if (HasRoom) return Task.CompletedTask;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private bool HasRoom => Volatile.Read(ref _manyKept) < ManyWaiting;

    private int FleetingMax(Push push) => push switch
    {
        { Typing: null } => _presenceQueuedMax,
        { IsToMany: true } => Math.Min(ManyWaiting, _typingQueuedMax),
        _ => _typingQueuedMax,
    };

    private async Task SendManyAsync(List<Push> batch)
    {
        Interlocked.Add(ref _manyKept, -batch.Count(push => !push.IsFleeting));
        try
        {
            await SendAsync(batch);
        }
        finally
        {
            MakeRoom();
        }
    }

    private void MakeRoom()
    {
        lock (_roomLock)
        {
            if (!HasRoom) return;
            _room?.SetResult();
            _room = null;
        }
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
