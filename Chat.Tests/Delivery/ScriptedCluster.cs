using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Chat.Tests.Harness;
using Chat.Users;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Chat.Tests.Delivery;

/// <summary>
/// A route table whose users' grains are played by the test: it says where they are, and sees who subscribed.
/// </summary>
internal sealed class ScriptedCluster
{
    private readonly Dictionary<UserId, Route> _routes = [];
    private readonly SiloDirectory _silos;

    internal ScriptedCluster(int routesMax = 1_000)
    {
        Membership = DispatchProxy.Create<ISiloStatusOracle, Oracle>();
        _silos = new SiloDirectory(Membership);
        GrainFactory = DispatchProxy.Create<IGrainFactory, Grains>();
        ((Grains)GrainFactory).Cluster = this;
        Table = new RouteTable(GrainFactory, _silos, Options.Create(new DeliveryOptions { RoutesMax = routesMax }));
    }

    internal static SiloAddress Home { get; } = Silo(1);

    internal ISiloStatusOracle Membership { get; }

    internal SiloDirectory Silos => _silos;

    internal IGrainFactory GrainFactory { get; }

    internal RouteTable Table { get; }

    /// <summary>Whom this silo asked for, in order.</summary>
    internal List<UserId> Subscribed { get; } = [];

    internal Observed<UserId> Unsubscribed { get; } = new();

    /// <summary>What a user's grain answers who is told of that.</summary>
    internal Func<UserId, Task> Unsubscribing { get; set; } = _ => Task.CompletedTask;

    /// <summary>What a user's grain waits for before it answers who asks where he is.</summary>
    internal Func<UserId, Task> Subscribing { get; set; } = _ => Task.CompletedTask;

    /// <summary>The number of a user's last call of each kind.</summary>
    internal ConcurrentDictionary<(UserId User, string Call), long> Numbers { get; } = [];

    /// <summary>Whose grains can't be reached.</summary>
    internal HashSet<UserId> Away { get; } = [];

    /// <summary>What reached the gateways, in order.</summary>
    internal Observed<(SiloAddress Gateway, Push Push)> Delivered { get; } = new();

    internal static SiloAddress Silo(int port) => SiloAddress.New(IPAddress.Loopback, port, generation: 1);

    internal static UserId[] Users(int count) =>
        [.. Enumerable.Range(1, count).Select(n => new UserId(new Guid(n, 0, 0, new byte[8])))];

    /// <summary>What a user's grain answers from now on; the table hears of it by <see cref="Tell"/>.</summary>
    internal Route Put(UserId user, params (SiloAddress Gateway, long Connection)[] sessions)
    {
        var known = _routes.GetValueOrDefault(user);
        return _routes[user] = new Route(
            user,
            known?.Version + 1 ?? 1,
            Home,
            [.. sessions.Select(session => new Session(session.Gateway, session.Connection))],
            known?.Blocked);
    }

    internal void Block(UserId user, UserId other)
    {
        var known = _routes.GetValueOrDefault(user) ?? Put(user);
        _routes[user] = known with { Version = known.Version + 1, Blocked = [other] };
    }

    internal void Tell(UserId user) => Table.Apply(_routes[user]);

    internal void Die(SiloAddress silo) =>
        ((ISiloStatusListener)_silos).SiloStatusChangeNotification(silo, SiloStatus.Dead);

    /// <summary>What a gateway's answers wait for.</summary>
    internal Task GatewaysAnswer { get; set; } = Task.CompletedTask;

    /// <summary>The silo's lanes, to gateways that take whatever comes.</summary>
    internal GatewayLanes Lanes(int queuedPushesMax = 1_000, LoadGauge? load = null) => new(
        EndpointOf, Table, _silos,
        Options.Create(new DeliveryOptions { CallsApart = TimeSpan.Zero, QueuedPushesMax = queuedPushesMax }),
        load ?? new LoadGauge(
            Options.Create(new OverloadOptions()), TimeProvider.System, NullLogger<LoadGauge>.Instance),
        TimeProvider.System, NullLogger<GatewayLane>.Instance);

    internal Fanout Fanout(GatewayLanes? lanes = null, TimeProvider? time = null) => new(
        Table, lanes ?? Lanes(), time ?? TimeProvider.System, NullLogger<Fanout>.Instance);

    private IDeliveryEndpoint EndpointOf(SiloAddress gateway)
    {
        var endpoint = DispatchProxy.Create<IDeliveryEndpoint, Gateway>();
        ((Gateway)endpoint).TakeAsync = async pushes =>
        {
            foreach (var push in pushes) Delivered.Record((gateway, push));
            await GatewaysAnswer;
            return [];
        };
        return endpoint;
    }

    private Route Subscribe(UserId user, bool withBlocks)
    {
        Subscribed.Add(user);
        var route = _routes.GetValueOrDefault(user) ?? Put(user);
        return withBlocks ? route with { Blocked = route.Blocked ?? [] } : route;
    }

#pragma warning disable CA1852 // A proxy derives from them.
    public class Oracle : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            "get_SiloAddress" => Silo(2),
            nameof(ISiloStatusOracle.SubscribeToSiloStatusEvents) => true,
            nameof(ISiloStatusOracle.GetApproximateSiloStatus) => SiloStatus.Active,
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }

    public class Gateway : DispatchProxy
    {
        internal Func<Push[], Task<UserId[]>> TakeAsync { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IDeliveryEndpoint.Deliver)
                ? TakeAsync((Push[])args![1]!)
                : throw new NotSupportedException(targetMethod.Name);
    }

    public class Grains : DispatchProxy
    {
        internal ScriptedCluster Cluster { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var grain = Create<IUserGrain, User>();
            ((User)grain).Id = new UserId((Guid)args![0]!);
            ((User)grain).Cluster = Cluster;
            return grain;
        }
    }

    public class User : DispatchProxy
    {
        internal UserId Id { get; set; }

        internal ScriptedCluster Cluster { get; set; } = null!;

        private async Task<Route> OnceReadyAsync(Route route)
        {
            await Cluster.Subscribing(Id);
            return route;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IUserGrain.Subscribe):
                    Cluster.Numbers[(Id, targetMethod.Name)] = (long)args![2]!;
                    var route = Cluster.Subscribe(Id, (bool)args[1]!);
                    return Cluster.Away.Contains(Id)
                        ? Task.FromException<Route>(new TimeoutException())
                        : OnceReadyAsync(route);
                case nameof(IUserGrain.Unsubscribe):
                    Cluster.Numbers[(Id, targetMethod.Name)] = (long)args![1]!;
                    Cluster.Unsubscribed.Record(Id);
                    return Cluster.Unsubscribing(Id);
                default:
                    throw new NotSupportedException(targetMethod.Name);
            }
        }
    }
#pragma warning restore CA1852
}
