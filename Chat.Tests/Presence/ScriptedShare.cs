using System.Reflection;
using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Chat.Storage;
using Chat.Tests.Delivery;
using Chat.Tests.Harness;
using Chat.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Streams;
using Orleans.Streams.Core;
using Orleans.Timers;

namespace Chat.Tests.Presence;

/// <summary>
/// A presence grain without a silo, with all users as its share: its clock, timers, store and the users' settings are
/// the test's, and so is what reaches it when. What it pushes is seen, and reaches nobody.
/// </summary>
internal sealed class ScriptedShare
{
    private readonly ScriptedCluster _cluster = new();
    private readonly GatewayLanes _lanes;
    private readonly Dictionary<TimeSpan, Func<Task>> _timers = [];
    private PresenceGrain _grain = null!;
    private Func<ActivityBatch, Task> _hear = null!;

    private ScriptedShare(PresenceOptions options)
    {
        Options = options;
        _lanes = _cluster.Lanes();
        Grains = Played.By<IGrainFactory>((method, args) => method.GetGenericArguments()[0] == typeof(IPresenceGrain)
            ? Played.By<IPresenceGrain>(Call)
            : Played.By<IUserSettingsGrain>((asked, with) => Answer(new UserId((Guid)args[0]!), asked.Name, with)));
    }

    internal PresenceOptions Options { get; }

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(60));

    internal SiloDirectory Silos => _cluster.Silos;

    /// <summary>Reaches this grain, and each user's settings.</summary>
    internal IGrainFactory Grains { get; }

    /// <summary>The grain itself, past <see cref="BeforeRenewal"/>.</summary>
    internal IPresenceGrain Grain => _grain;

    /// <summary>Happens while a renewal is on its way to the grain.</summary>
    internal Func<Task> BeforeRenewal { get; set; } = () => Task.CompletedTask;

    /// <summary>Who hides from whom.</summary>
    internal HashSet<(UserId Owner, UserId From)> Hidden { get; } = [];

    /// <summary>Happens before a user's settings answer, or fail by it.</summary>
    internal Func<UserId, Task> BeforeSettings { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whose settings were asked whom he shows himself to, in order.</summary>
    internal List<UserId> Asked { get; } = [];

    /// <summary>Each call that wrote times last seen.</summary>
    internal List<IReadOnlyList<(UserId User, DateTimeOffset At)>> Written { get; } = [];

    internal static async Task<ScriptedShare> BeginAsync(PresenceOptions? options = null)
    {
        var share = new ScriptedShare(options ?? new PresenceOptions());
        share.Options.Shards = 1;
        await share.BeginAnewAsync();
        return share;
    }

    /// <summary>Another activation, which knows nothing.</summary>
    internal async Task BeginAnewAsync()
    {
        var runtime = Played.By<IGrainRuntime>((method, _) => method.Name switch
        {
            "get_GrainFactory" => Grains,
            "get_TimerRegistry" => Played.By<ITimerRegistry>(Register),
            _ => throw new NotSupportedException(method.Name),
        });
        var services = new ServiceCollection().AddSingleton(runtime).BuildServiceProvider();
        _grain = new PresenceGrain(
            Played.By<IGrainContext>((_, _) => services), Played.By<IPresenceStore>(Store), _lanes, Silos,
            Microsoft.Extensions.Options.Options.Create(Options),
            new LoadGauge(
                Microsoft.Extensions.Options.Options.Create(new OverloadOptions()), Time,
                NullLogger<LoadGauge>.Instance),
            Time, NullLogger<PresenceGrain>.Instance);
        await _grain.OnActivateAsync(CancellationToken.None);
        await _grain.OnSubscribed(
            Played.By<IStreamSubscriptionHandleFactory>((_, _) => new Handle(hear => _hear = hear)));
    }

    /// <summary>A gateway's batch arrives.</summary>
    internal Task HearsAsync(SiloAddress gateway, long version, params Activity[] users) =>
        _hear(new ActivityBatch(gateway, version, users));

    /// <summary>The grain looks whose time has run out.</summary>
    internal Task LooksAsync() => _timers[Options.LookEvery]();

    /// <summary>It is time to write times last seen.</summary>
    internal Task WritesAsync() => _timers[Options.WriteEvery]();

    /// <summary>What was pushed to a gateway until now, in order.</summary>
    internal async Task<Push[]> PushedToAsync(SiloAddress gateway)
    {
        var last = new UserId(Guid.NewGuid());
        _lanes.Enqueue(gateway, new Push([last], Resync: true));
        var all = await _cluster.Delivered.UntilAsync(
            $"what waits for {gateway}", pushed => pushed.Any(one => one.Push.Users[0] == last));
        return [.. all.Where(one => one.Gateway.Equals(gateway) && !one.Push.Resync).Select(one => one.Push)];
    }

    /// <summary>Of a user who gives input right now.</summary>
    internal Activity Input(UserId user, bool isConnected = true) =>
        new(user, Time.GetUtcNow().ToUnixTimeMilliseconds(), isConnected);

    private object Register(MethodInfo method, object?[] args)
    {
        var (callback, state, every) = ((Delegate)args[1]!, args[2], ((GrainTimerCreationOptions)args[3]!).Period);
        _timers[every] = () => (Task)callback.DynamicInvoke(state, CancellationToken.None)!;
        return Played.By<IGrainTimer>((_, _) => null);
    }

    private object? Call(MethodInfo method, object?[] args)
    {
        return method.Name == nameof(IPresenceGrain.Renew) ? RenewAsync() : method.Invoke(_grain, args);

        async Task<PresenceView> RenewAsync()
        {
            await BeforeRenewal();
            return await _grain.Renew((GatewaySnapshot)args[0]!);
        }
    }

    private object Answer(UserId owner, string method, object?[] args)
    {
        return method switch
        {
            nameof(IUserSettingsGrain.ShowsPresenceToAll) => AsyncOf(() => Hidden.All(pair => pair.Owner != owner)),
            nameof(IUserSettingsGrain.ShowsPresenceTo) => AsyncOf(() =>
            {
                Asked.Add(owner);
                return Array.FindAll((UserId[])args[0]!, other => !Hidden.Contains((owner, other)));
            }),
            _ => throw new NotSupportedException(method),
        };

        async Task<T> AsyncOf<T>(Func<T> answer)
        {
            await BeforeSettings(owner);
            return answer();
        }
    }

    private object Store(MethodInfo method, object?[] args)
    {
        switch (method.Name)
        {
            case nameof(IPresenceStore.GetLastSeenAsync):
                return Task.FromResult<IReadOnlyList<(UserId, DateTimeOffset)>>([]);
            case nameof(IPresenceStore.SaveLastSeenAsync):
                Written.Add((IReadOnlyList<(UserId, DateTimeOffset)>)args[0]!);
                return Task.CompletedTask;
            default:
                throw new NotSupportedException(method.Name);
        }
    }

    private sealed class Handle(Action<Func<ActivityBatch, Task>> subscribe) : StreamSubscriptionHandle<ActivityBatch>
    {
        public override StreamId StreamId => default;

        public override string ProviderName => PresenceShards.Streams;

        public override Guid HandleId => Guid.Empty;

        public override Task UnsubscribeAsync() => Task.CompletedTask;

        public override Task<StreamSubscriptionHandle<ActivityBatch>> ResumeAsync(
            IAsyncObserver<ActivityBatch> observer, StreamSequenceToken? token = null)
        {
            subscribe(batch => observer.OnNextAsync(batch));
            return Task.FromResult<StreamSubscriptionHandle<ActivityBatch>>(this);
        }

        public override Task<StreamSubscriptionHandle<ActivityBatch>> ResumeAsync(
            IAsyncBatchObserver<ActivityBatch> observer, StreamSequenceToken? token = null) =>
            throw new NotSupportedException();

        public override bool Equals(StreamSubscriptionHandle<ActivityBatch>? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => 0;
    }
}
