using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Ids;
using Chat.Presence;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Presence;

/// <summary>
/// Renews this gateway's word at each presence grain: who is connected, who is watched. The answer is a snapshot, so
/// what a stream or a push has lost is told then at the latest.
/// </summary>
internal sealed partial class PresenceRenewal(
    RenewalTimes times, WatchIndex index, ActivityOutbox activity, IGrainFactory grains, SiloDirectory silos,
    IOptions<PresenceOptions> options, TimeProvider time, ILogger<PresenceRenewal> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly bool[] _isUnderWay = new bool[times.Count];
    private readonly bool[] _wasEmpty = new bool[times.Count];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                for (var shard = 0; shard < times.Count; shard++)
                    if (times.IsDue(shard) && !Volatile.Read(ref _isUnderWay[shard])) _ = RenewAsync(shard);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops; its lease ends with it.
        }
    }

    private async Task RenewAsync(int shard)
    {
        Volatile.Write(ref _isUnderWay[shard], true);
        times.SetDue(shard, options.Value.RenewEvery);
        try
        {
            var watched = index.Snapshot(shard);
            await ShowAgainAsync(watched);
            var (version, connected) = activity.Snapshot(shard);
            var isEmpty = watched.Count == 0 && connected.Length == 0;
            if (isEmpty && _wasEmpty[shard]) return;
            var asked = watched.Select(one => new Watched(one.User, WatchersOf(one.User, one.Watchers)))
                .Where(one => one.Watchers.Length > 0).ToArray();
            var view = await grains.GetPresence(shard)
                .Renew(new GatewaySnapshot(silos.Local, version, connected, asked));
            _wasEmpty[shard] = isEmpty;
            times.Heard(shard, view);
            Tell(watched, view);
        }
        catch (Exception e) when (GrainFaults.IsUnknownOutcome(e))
        {
            LogNotRenewed(shard, e);
            times.SetDue(shard, RetryAfter);
        }
        finally
        {
            Volatile.Write(ref _isUnderWay[shard], false);
        }
    }

    private static UserId[] WatchersOf(UserId user, ClientConnection[] watchers) =>
    [
        .. watchers.Where(watcher => watcher.Watching!.ShowsTo(user)).Select(watcher => watcher.User).Distinct(),
    ];

    /// <summary>
    /// Contacts come without a word: a watcher who does not show himself to somebody may do so by now.
    /// </summary>
    private async Task ShowAgainAsync(List<(UserId User, ClientConnection[] Watchers)> watched)
    {
        var hiding =
            from one in watched
            from watcher in one.Watchers
            where !watcher.Watching!.ShowsTo(one.User)
            group one.User by watcher;
        foreach (var watcher in hiding.ToArray())
        {
            UserId[] users = [.. watcher];
            var shown = await grains.GetUserSettings(watcher.Key.User).ShowsPresenceTo(users);
            if (shown.Length > 0) watcher.Key.Watching!.Decide(shown, [.. shown]);
        }
    }

    private static void Tell(List<(UserId User, ClientConnection[] Watchers)> watched, PresenceView view)
    {
        var seen = view.Users.ToDictionary(presence => presence.UserId);
        var hidden = view.Hidden.ToDictionary(one => one.User, one => one.Watchers);
        foreach (var (user, watchers) in watched)
        {
            foreach (var watcher in watchers)
            {
                var isHidden = hidden.TryGetValue(user, out var hiding) && hiding.Contains(watcher.User);
                var presence = isHidden ? null : seen.GetValueOrDefault(user);
                Watches.Tell(watcher, presence ?? UserPresence.Hidden(user));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Presence of share {Shard} could not be renewed yet")]
    private partial void LogNotRenewed(int shard, Exception exception);
}
