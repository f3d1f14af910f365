using Chat.Delivery;
using Chat.Ids;

namespace Chat.Presence;

/// <content>Who watches, and who may see.</content>
internal sealed partial class PresenceGrain
{
    public async Task<PresenceView> Watch(SiloAddress gateway, Watched[] watched)
    {
        var known = _gateways.Of(gateway, time.GetUtcNow() + _options.Lease);
        foreach (var (user, _) in watched) known.Watched.Add(user);
        return await ViewAsync(gateway, known, watched, replace: false);
    }

    public async Task<PresenceView> Renew(GatewaySnapshot snapshot)
    {
        var now = time.GetUtcNow();
        var gateway = _gateways.Of(snapshot.Gateway, default);
        gateway.LeaseEnds = now + _options.Lease;
        gateway.IsKnown = true;
        gateway.Version = Math.Max(gateway.Version, snapshot.Version);
        var connected = snapshot.Connected.Select(activity => activity.User).ToHashSet();
        foreach (var id in gateway.Connected)
            if (!connected.Contains(id)) Lose(id, user => user.Disconnect(snapshot.Gateway, now));
        foreach (var activity in snapshot.Connected) Take(activity, snapshot.Gateway, gateway, now, isCurrent: true);
        gateway.Connected = connected;
        var watched = snapshot.Watched.Select(one => one.User).ToHashSet();
        foreach (var id in gateway.Watched)
            if (!watched.Contains(id)) Lose(id, user => user.Unwatch(snapshot.Gateway));
        gateway.Watched = watched;
        return await ViewAsync(snapshot.Gateway, gateway, snapshot.Watched, replace: true);
    }

    public async Task PrivacyChanged(UserId id)
    {
        if (!_users.TryGetValue(id, out var user) || !user.IsWatched) return;
        user.ShowsToAll = null;
        await DecideAsync(user, [.. user.Watchers.SelectMany(at => at.Watchers.Keys)]);
    }

    private async Task<PresenceView> ViewAsync(
        SiloAddress address, KnownGateways.Gateway gateway, Watched[] watched, bool replace)
    {
        var users = Array.ConvertAll(watched, one => Know(one.User));
        await LoadAsync(users);
        await Task.WhenAll(watched.Zip(users, (one, user) => TakeWatchersAsync(address, one.Watchers, user, replace)));
        var shown = new List<UserPresence>(users.Length);
        var hidden = new List<Watched>();
        var now = time.GetUtcNow();
        for (var i = 0; i < users.Length; i++)
        {
            // What was put off is not kept from who asks.
            if (HasChanged(users[i], now)) TellNow(users[i], now);
            var watchers = users[i].WatchersAt(address)!;
            var hiding = Array.FindAll(watched[i].Watchers, watcher => !watchers[watcher]);
            if (hiding.Length < watched[i].Watchers.Length) shown.Add(users[i].Show());
            if (hiding.Length > 0) hidden.Add(new Watched(users[i].Id, hiding));
        }

        return new PresenceView([.. shown], [.. hidden], silos.Local, gateway.IsKnown);
    }

    private async Task TakeWatchersAsync(SiloAddress gateway, UserId[] watchers, KnownUser user, bool replace)
    {
        user.ShowsToAll ??= await GrainFactory.GetUserSettings(user.Id).ShowsPresenceToAll();
        var wasWatched = user.IsWatched;
        var undecided = user.Watch(gateway, watchers, replace);
        if (!wasWatched)
        {
            user.WasOnline = user.IsOnline(time.GetUtcNow(), _options);
            if (user.WasOnline) _online.Add(user);
        }

        // Contacts change without a word: who shows himself only to them is asked again with each renewal.
        if (user.ShowsToAll == false && replace) await DecideAsync(user, watchers);
        else if (undecided.Count > 0) await DecideAsync(user, undecided);
    }

    /// <summary>Has the owner decide for these watchers, and tells those for whom it has changed.</summary>
    private async Task DecideAsync(KnownUser user, IReadOnlyCollection<UserId> watchers)
    {
        var settings = GrainFactory.GetUserSettings(user.Id);
        user.ShowsToAll ??= await settings.ShowsPresenceToAll();
        var shown = user.ShowsToAll == true ? null : (await settings.ShowsPresenceTo([.. watchers])).ToHashSet();
        foreach (var (gateway, told, shows) in user.Decide(watchers, shown))
            gateways.Enqueue(gateway, new Push(told, Presence: shows ? user.Show() : UserPresence.Hidden(user.Id)));
    }

    private async Task LoadAsync(KnownUser[] users)
    {
        var unknown = Array.FindAll(users, user => !user.IsLoaded);
        if (unknown.Length == 0) return;
        var seen = await store.GetLastSeenAsync([.. unknown.Select(user => user.Id)], CancellationToken.None);
        foreach (var user in unknown) user.IsLoaded = true;
        foreach (var (id, at) in seen) _users[id].HeardInput(at);
    }
}
