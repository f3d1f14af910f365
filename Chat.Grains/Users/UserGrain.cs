using Chat.Delivery;
using Chat.Ids;
using Chat.Presence;
using Chat.Refusals;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chat.Users;

/// <summary>
/// Where one user's devices are. All of it lives in memory: a log-in writes nothing.
/// <para><b>Invariants.</b> A silo that subscribed is told of every change of the sessions or the blocks before the
/// call that made it is answered, or is gone, or (past a time-out) the user's devices are told to resume once it
/// knows.</para>
/// <para><b>Reentrant.</b> Across the awaits of telling subscribers, sessions, subscribers and blocks may change; each
/// change makes a new version, and an older snapshot that arrives later is passed over. Changes of the settings take
/// turns: an earlier one whose answer came last would bring back what the later one replaced.</para>
/// <para><b>Not promised.</b> Sessions survive no crash: the gateways attach again, find the grain blank, and tell
/// those connections to resume.</para>
/// </summary>
[Reentrant]
internal sealed partial class UserGrain(
    LocalUsers localUsers,
    RouteNotices notices,
    GatewayLanes gateways,
    SiloDirectory silos,
    IOptions<DeliveryOptions> options,
    IOptions<ChatLimits> limits,
    IOptions<PresenceOptions> presence,
    TimeProvider time,
    ILogger<UserGrain> logger) : Grain, IUserGrain
{
    private readonly Sessions _sessions = new();
    private readonly Dictionary<SiloAddress, long> _subscribers = [];
    private readonly TokenBucket _bucket = new(limits.Value, time);
    private LocalUsers.Resident? _resident;
    private Task _settingsChange = Task.CompletedTask;
    private Task<UserId[]>? _blocksLoading;
    private UserId[]? _blocked;
    private bool? _hidesReading;
    private long _version;
    private UserId _id;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetUserId();
        _version = time.GetUtcNow().UtcTicks;
        _resident = localUsers.Enter(_id);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_resident is not null) localUsers.Leave(_id, _resident);
        var gone = MakeRoute() with { IsGone = true };
        Task telling = Task.WhenAll(_subscribers.Keys.Select(silo => notices.TellAsync(silo, gone)));
        await telling.WaitAsync(options.Value.RouteNoticeWait, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public async Task<AttachAnswer> Attach(SiloAddress gateway, long[] connections, SpentSends[] spent)
    {
        Spend(spent);
        var endsAt = time.GetUtcNow() + options.Value.SessionLease;
        var unknown = Array.FindAll(connections, key => _sessions.Renew(new Session(gateway, key), endsAt));
        if (unknown.Length > 0) await TellSubscribersAsync();
        NoteLeases();
        return new AttachAnswer(unknown, silos.Local, new SendAllowance(_bucket.Left));
    }

    public async Task Detach(SiloAddress gateway, long connection, SpentSends[] spent)
    {
        Spend(spent);
        if (!_sessions.Remove(new Session(gateway, connection))) return;
        NoteLeases();
        await TellSubscribersAsync();
    }

    public Task ReadsAnew() => TellSubscribersAsync();

    public async Task<Route> Subscribe(SiloAddress subscriber, bool withBlocks, long number)
    {
        _subscribers[subscriber] = Math.Max(number, _subscribers.GetValueOrDefault(subscriber));
        if (withBlocks) await LoadBlocksAsync();
        return MakeRoute();
    }

    public Task Unsubscribe(SiloAddress subscriber, long number)
    {
        // Calls may overtake one another: the silo may have subscribed anew since.
        if (number == 0 || _subscribers.GetValueOrDefault(subscriber) <= number) _subscribers.Remove(subscriber);
        return Task.CompletedTask;
    }

    public async Task SiloGone(SiloAddress silo)
    {
        var owedPushes = _subscribers.Remove(silo);
        var lostSessions = _sessions.RemoveGateway(silo);
        NoteLeases();
        if (owedPushes) TellDevicesToResume();
        if (lostSessions) await TellSubscribersAsync();
    }

    public async Task ExpireLeases()
    {
        if (!_sessions.RemoveExpired(time.GetUtcNow())) return;
        NoteLeases();
        await TellSubscribersAsync();
    }

    public Task<SendAllowance> SpendSends(SpentSends[] spent)
    {
        Spend(spent);
        return Task.FromResult(new SendAllowance(_bucket.Left));
    }

    public Task<Refusal?> Block(UserId otherId) => SetBlockedAsync(otherId, blocked: true);

    public Task<Refusal?> Unblock(UserId otherId) => SetBlockedAsync(otherId, blocked: false);

    private void Spend(SpentSends[] spent)
    {
        foreach (var sends in spent) _bucket.Spend(sends.Count, sends.Ago);
    }

    private async Task<Refusal?> SetBlockedAsync(UserId otherId, bool blocked)
    {
        if (otherId == _id) return Refusal.Invalid("userId is your own.");
        var list = await InTurnAsync(async () =>
        {
            var changed = await GrainFactory.GetUserSettings(_id).SetBlocked(otherId, blocked);
            if (changed is not null) (_blocked, _blocksLoading) = (changed, Task.FromResult(changed));
            return changed;
        });
        if (list is null) return Refusal.Invalid($"At most {IUserSettingsGrain.BlockedMax} users can be blocked.");
        await TellSubscribersAsync();
        await TellWatchersAsync();
        return null;
    }

    public async Task<Privacy> SetPrivacy(PrivacyChange change)
    {
        var privacy = await InTurnAsync(async () =>
        {
            var changed = await GrainFactory.GetUserSettings(_id).SetPrivacy(change);
            _hidesReading = !changed.ReadReceipts;
            return changed;
        });
        await TellSubscribersAsync();
        await TellWatchersAsync();
        return privacy;
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> change)
    {
        var earlier = _settingsChange;
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _settingsChange = own.Task;
        await earlier;
        try
        {
            return await change();
        }
        finally
        {
            own.SetResult();
        }
    }

    /// <summary>First those who watch him; then his own devices, which may watch others no more, or again.</summary>
    private async Task TellWatchersAsync()
    {
        await GrainFactory.GetPresence(PresenceShards.Of(_id, presence.Value.Shards)).PrivacyChanged(_id);
        foreach (var gateway in _sessions.Gateways)
            gateways.Enqueue(gateway, new Push([_id], PrivacyChanged: true));
    }

    /// <summary>Only a direct conversation needs them: neither a log-in nor a group reads them.</summary>
    private async Task LoadBlocksAsync()
    {
        var loading = _blocksLoading ??= GrainFactory.GetUserSettings(_id).GetBlocked();
        try
        {
            var list = await loading;
            if (_blocksLoading == loading) _blocked = list;
        }
        catch
        {
            if (_blocksLoading == loading) _blocksLoading = null;
            throw;
        }
    }

    private Route MakeRoute() => new(
        _id, _version, silos.Local, _sessions.Snapshot(), _blocked, HidesReading: _hidesReading);

    private async Task TellSubscribersAsync()
    {
        _version++;
        if (_subscribers.Count == 0) return;
        var route = MakeRoute();
        var telling = Task.WhenAll(_subscribers.Keys.Select(silo => notices.TellAsync(silo, route)));
        try
        {
            await telling.WaitAsync(options.Value.RouteNoticeWait, time);
        }
        catch (TimeoutException)
        {
            // A silo hangs. Once it knows (or is gone), the devices resume: they may have missed a push until then.
            LogSubscribersSlow(_id);
            ResumeAfter(telling);
        }
    }

    private async void ResumeAfter(Task telling)
    {
        await telling.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext);
        TellDevicesToResume();
    }

    private void TellDevicesToResume()
    {
        foreach (var gateway in _sessions.Gateways) gateways.Enqueue(gateway, new Push([_id], Resync: true));
    }

    private void NoteLeases() => _resident!.NextLeaseEnd = _sessions.NextEnd;

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {User}: a silo that pushes to him is slow to be told")]
    private partial void LogSubscribersSlow(UserId user);
}
