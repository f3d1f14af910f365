using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Ids;
using Chat.Presence;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Presence;

/// <summary>
/// Renews this gateway's word at each presence grain: who is connected, who is watched. The answer is a snapshot, so
/// what a stream or a push has lost is told then at the latest: also that somebody here has changed his privacy.
/// </summary>
internal sealed partial class PresenceRenewal(
    RenewalTimes times, WatchIndex index, ActivityOutbox activity, Watches watches, IGrainFactory grains,
    SiloDirectory silos, IOptions<PresenceOptions> options, TimeProvider time, ILogger<PresenceRenewal> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ToldApart = TimeSpan.FromSeconds(5);

    private readonly FaultTally<int> _failures = new();
    private readonly bool[] _isUnderWay = new bool[times.Count];
    private readonly bool[] _wasEmpty = new bool[times.Count];
    private readonly UndecidedUsers[] _undecided =
        [.. Enumerable.Range(0, times.Count).Select(_ => new UndecidedUsers(options.Value.Lease, time))];

    private readonly record struct Watch(UserId User, ClientConnection[] Watchers);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        var toldAt = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (time.GetElapsedTime(toldAt) >= ToldApart && _failures.TryTake(out var count, out var latest))
                {
                    LogNotRenewed(count, latest.Of, latest.Why);
                    toldAt = time.GetTimestamp();
                }

                for (var shard = 0; shard < times.Count; shard++)
                    if (times.IsDue(shard) && !Volatile.Read(ref _isUnderWay[shard])) _ = RenewAsync(shard);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops; its lease ends with it.
        }
    }

    /// <summary>Renews one share. Never throws.</summary>
    internal async Task RenewAsync(int shard)
    {
        Volatile.Write(ref _isUnderWay[shard], true);
        times.SetDue(shard, options.Value.RenewEvery);
        try
        {
            await ShowAgainAsync(shard);
            var askedAt = time.GetTimestamp();
            // The version first: a watch that what is read next lacks has a later one, and so is kept.
            var (version, connected) = activity.Snapshot(shard);
            var seeing = Seeing(shard);
            var isEmpty = seeing.Length == 0 && connected.Length == 0;
            if (isEmpty && _wasEmpty[shard]) return;
            var watched = Array.ConvertAll(seeing, watch => new Watched(watch.User, UsersOf(watch.Watchers)));
            var view = await grains.GetPresence(shard)
                .Renew(new GatewaySnapshot(silos.Local, version, connected, watched));
            _wasEmpty[shard] = isEmpty;
            times.Heard(shard, view);
            _undecided[shard].Heard(view, connected, askedAt);
            await DecideAnewAsync(_undecided[shard]);
            Tell(seeing, view);
        }
        catch (Exception e)
        {
            // Whatever it is, the next one says all of it again.
            _failures.Add(shard, e);
            times.SetDue(shard, RetryAfter);
        }
        finally
        {
            Volatile.Write(ref _isUnderWay[shard], false);
        }
    }

    /// <summary>Without those who do not show themselves: what the grain says is not for them.</summary>
    private Watch[] Seeing(int shard) =>
    [
        .. from one in index.Snapshot(shard)
           let seeing = Array.FindAll(one.Watchers, watcher => watcher.Watching!.ShowsTo(one.User))
           where seeing.Length > 0
           select new Watch(one.User, seeing),
    ];

    private static UserId[] UsersOf(ClientConnection[] watchers) =>
        [.. watchers.Select(watcher => watcher.User).Distinct()];

    /// <summary>
    /// Contacts come without a word: a watcher who does not show himself to somebody may do so by now.
    /// </summary>
    private Task ShowAgainAsync(int shard)
    {
        var hiding =
            from one in index.Snapshot(shard)
            from watcher in one.Watchers
            where !watcher.Watching!.ShowsTo(one.User)
            group one.User by watcher;
        return EachAsync(hiding.ToArray(), async watcher =>
        {
            UserId[] users = [.. watcher];
            var shown = await grains.GetUserSettings(watcher.Key.User).ShowsPresenceTo(users);
            if (shown.Length > 0) watcher.Key.Watching!.Decide(shown, [.. shown]);
            foreach (var unseen in watcher.Key.Watching!.TakeLostUnseen())
                watcher.Key.Push(Watches.Encode(UserPresence.Hidden(unseen)));
        });
    }

    private Task DecideAnewAsync(UndecidedUsers undecided) => EachAsync(undecided.Snapshot(), async user =>
    {
        await watches.DecideLateAsync(user);
        undecided.Decided(user);
    });

    /// <summary>
    /// A call for each, one after the other. What fails is left for the next renewal, and so is what can't be done in
    /// time: the lease of all does not wait for one user's settings.
    /// </summary>
    private async Task EachAsync<T>(T[] items, Func<T, Task> decide)
    {
        var begun = time.GetTimestamp();
        var failed = 0;
        Exception? last = null;
        foreach (var item in items)
        {
            if (time.GetElapsedTime(begun) > options.Value.RenewEvery / 2) break;
            try
            {
                await decide(item);
            }
            catch (Exception e)
            {
                (failed, last) = (failed + 1, e);
            }
        }

        if (last is not null) LogNotDecided(failed, last);
    }

    private static void Tell(Watch[] seeing, PresenceView view)
    {
        var seen = view.Users.ToDictionary(presence => presence.UserId);
        var hidden = view.Hidden.ToDictionary(one => one.User, one => one.Watchers);
        foreach (var (user, watchers) in seeing)
        {
            foreach (var watcher in watchers)
            {
                var isHidden = hidden.TryGetValue(user, out var hiding) && hiding.Contains(watcher.User);
                var presence = isHidden ? null : seen.GetValueOrDefault(user);
                Watches.Tell(watcher, presence ?? UserPresence.Hidden(user));
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Presence could not be renewed {Count} times, the latest that of share {Shard}; it is tried again")]
    private partial void LogNotRenewed(int count, int shard, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whom {Users} users may watch could not be decided yet")]
    private partial void LogNotDecided(int users, Exception exception);
}
