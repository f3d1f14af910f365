using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Chat.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Chat.Presence;

/// <summary>
/// The presence of one share of the users, fed by the gateways' activity streams and, whatever those lose, by their
/// renewals.
/// <para><b>Invariants.</b> A time last seen only rises. Nobody is told of a user who hides from him, and a change of
/// privacy is in force before it is answered. A gateway that is gone, or silent for a lease, has no connections and no
/// watchers here.</para>
/// <para><b>Privacy.</b> Who changed it is remembered for a lease, for the renewals of the gateways where he watches
/// others himself.</para>
/// <para><b>Not promised.</b> Times last seen younger than <see cref="PresenceOptions.WriteEvery"/> die with the silo;
/// the gateways give them again for whoever is still connected. A push may be lost: the renewal's answer has it.</para>
/// </summary>
[ImplicitStreamSubscription(PresenceShards.Activity)]
internal sealed partial class PresenceGrain(
    IGrainContext context,
    IPresenceStore store,
    GatewayLanes gateways,
    SiloDirectory silos,
    IOptions<PresenceOptions> presenceOptions,
    LoadGauge load,
    TimeProvider time,
    ILogger<PresenceGrain> logger) : Grain(context), IPresenceGrain, IStreamSubscriptionObserver
{
    private readonly PresenceOptions _options = presenceOptions.Value;
    private readonly Dictionary<UserId, KnownUser> _users = [];
    private readonly KnownGateways _gateways = new();
    private readonly HashSet<KnownUser> _online = [];
    private readonly HashSet<KnownUser> _unwritten = [];
    private readonly Dictionary<UserId, DateTimeOffset> _privacyChanged = [];
    private readonly LaterTold _later = new(load, presenceOptions.Value.LookEvery);
    private DateTimeOffset _begun;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _begun = time.GetUtcNow();
        this.RegisterGrainTimer(LookAround, new GrainTimerCreationOptions(_options.LookEvery, _options.LookEvery));
        this.RegisterGrainTimer(WriteAsync, new GrainTimerCreationOptions(_options.WriteEvery, _options.WriteEvery));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        WriteAsync(cancellationToken);

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<ActivityBatch>().ResumeAsync((batch, _) => TakeAsync(batch));

    private Task TakeAsync(ActivityBatch batch)
    {
        var now = time.GetUtcNow();
        var gateway = _gateways.Of(batch.Gateway, now + _options.Lease);
        foreach (var activity in batch.Users)
        {
            var isCurrent = gateway.IsNewest(activity.User, batch.Version);
            if (isCurrent) gateway.Hear(activity.User, batch.Version);
            Take(activity, batch.Gateway, gateway, now, isCurrent);
        }

        return Task.CompletedTask;
    }

    /// <param name="isCurrent">False: newer word of him has overtaken it; only its input counts.</param>
    private void Take(
        Activity activity, SiloAddress address, KnownGateways.Gateway gateway, DateTimeOffset now, bool isCurrent)
    {
        var user = Know(activity.User);
        if (activity.InputAt > 0 && user.HeardInput(DateTimeOffset.FromUnixTimeMilliseconds(activity.InputAt)))
        {
            user.IsUnwritten = true;
            _unwritten.Add(user);
        }

        if (isCurrent && activity.IsConnected)
        {
            user.Connect(address);
            gateway.Connected.Add(user.Id);
        }
        else if (isCurrent)
        {
            user.Disconnect(address, now);
            gateway.Connected.Remove(user.Id);
        }

        Tell(user, now);
        Forget(user);
    }

    /// <summary>Tells the watchers if somebody came or went; under load with the next round.</summary>
    private void Tell(KnownUser user, DateTimeOffset now)
    {
        if (HasChanged(user, now) && !_later.TryPutOff(user)) TellNow(user, now);
    }

    private bool HasChanged(KnownUser user, DateTimeOffset now) =>
        user.IsWatched && user.IsOnline(now, _options) != user.WasOnline;

    private void TellNow(KnownUser user, DateTimeOffset now)
    {
        var isOnline = user.IsOnline(now, _options);
        user.WasOnline = isOnline;
        if (isOnline) _online.Add(user);
        else _online.Remove(user);
        var shown = user.Show();
        foreach (var (gateway, watchers) in user.Watchers)
        {
            UserId[] told = [.. watchers.Where(watcher => watcher.Value).Select(watcher => watcher.Key)];
            if (told.Length > 0) gateways.Enqueue(gateway, new Push(told, Presence: shown));
        }
    }

    private KnownUser Know(UserId id)
    {
        if (_users.TryGetValue(id, out var known)) return known;
        // A grain that has just begun does not know yet who is connected: as if all connections had just dropped.
        return _users[id] = new KnownUser(id) { AbsentSince = _begun };
    }

    private Task LookAround(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (address, gateway) in _gateways.TakeEnded(silos.IsGone, now))
        {
            // A silent gateway's lease was longer than the grace: who was there is gone at once.
            var since = silos.IsGone(address) ? now : now - _options.Grace;
            foreach (var id in gateway.Connected) Lose(id, user => user.Disconnect(address, since));
            foreach (var id in gateway.Watched.Keys) Lose(id, user => user.Unwatch(address));
        }

        foreach (var user in _online.ToArray()) Tell(user, now);
        foreach (var user in _later.TakeDue(now))
            if (HasChanged(user, now)) TellNow(user, now);
        _online.RemoveWhere(static user => !user.IsWatched);
        foreach (var (id, at) in _privacyChanged)
            if (at + _options.Lease <= now) _privacyChanged.Remove(id);
        return Task.CompletedTask;
    }

    private void Lose(UserId id, Action<KnownUser> lose)
    {
        if (!_users.TryGetValue(id, out var user)) return;
        lose(user);
        Forget(user);
    }

    private void Forget(KnownUser user)
    {
        if (!user.IsConnected && !user.IsWatched && !user.IsUnwritten) _users.Remove(user.Id);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_unwritten.Count == 0) return;
        var batch = _unwritten.Select(user => (user, At: user.LastInput!.Value)).ToArray();
        try
        {
            await store.SaveLastSeenAsync([.. batch.Select(seen => (seen.user.Id, seen.At))], cancellationToken);
        }
        catch (Exception e)
        {
            // They stay unwritten, and the next round tries again.
            LogNotWritten(batch.Length, e);
            return;
        }

        foreach (var (user, at) in batch)
        {
            if (user.LastInput > at) continue;
            user.IsUnwritten = false;
            _unwritten.Remove(user);
            Forget(user);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Users} times last seen could not be written yet")]
    private partial void LogNotWritten(int users, Exception exception);
}
