using Chat.Delivery;
using Chat.Ids;

namespace Chat.Presence;

/// <content>Who watches, and who may see.</content>
internal sealed partial class PresenceGrain
{
    public async Task<PresenceView> Watch(SiloAddress gateway, Watched[] watched)
    {
        var known = _gateways.Of(gateway, time.GetUtcNow() + _options.Lease);
        foreach (var one in watched) known.Watch(one.User, one.Version);
        return await ViewAsync(gateway, known, watched, replaces: static _ => false);
    }

    public async Task<PresenceView> Renew(GatewaySnapshot snapshot)
    {
        var now = time.GetUtcNow();
        var gateway = _gateways.Of(snapshot.Gateway, default);
        gateway.LeaseEnds = now + _options.Lease;
        gateway.IsKnown = true;
        var connected = snapshot.Connected.Select(activity => activity.User).ToHashSet();
        foreach (var id in gateway.Connected.Where(id => !connected.Contains(id)).ToArray())
        {
            if (!gateway.IsNewest(id, snapshot.Version)) continue;
            gateway.Connected.Remove(id);
            Lose(id, user => user.Disconnect(snapshot.Gateway, now));
        }

        foreach (var activity in snapshot.Connected)
            Take(activity, snapshot.Gateway, gateway, now, gateway.IsNewest(activity.User, snapshot.Version));
        var watched = snapshot.Watched.Select(one => one.User).ToHashSet();
        var newer = gateway.Watched.Where(one => one.Value > snapshot.Version).Select(one => one.Key).ToHashSet();
        foreach (var id in gateway.Watched.Keys.Where(id => !watched.Contains(id) && !newer.Contains(id)).ToArray())
        {
            gateway.Watched.Remove(id);
            Lose(id, user => user.Unwatch(snapshot.Gateway));
        }

        foreach (var id in watched) gateway.Watch(id, snapshot.Version);
        gateway.Renew(snapshot.Version);
        var view = await ViewAsync(snapshot.Gateway, gateway, snapshot.Watched, replaces: id => !newer.Contains(id));
        return view with { PrivacyChanged = [.. _privacyChanged.Keys.Where(connected.Contains)] };
    }

    public async Task PrivacyChanged(UserId id)
    {
        _privacyChanged[id] = time.GetUtcNow();
        if (!_users.TryGetValue(id, out var user) || !user.IsWatched) return;
        user.ShowsToAll = null;
        await DecideAsync(user, user.AllWatchers);
    }

    private async Task<PresenceView> ViewAsync(
        SiloAddress address, KnownGateways.Gateway gateway, Watched[] watched, Func<UserId, bool> replaces)
    {
        var users = Array.ConvertAll(watched, one => Know(one.User));
        await LoadAsync(users);
        await Task.WhenAll(watched.Zip(
            users, (one, user) => TakeWatchersAsync(address, one.Watchers, user, replaces(user.Id))));
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

        return new PresenceView([.. shown], [.. hidden], silos.Local, gateway.IsKnown, _begun.UtcTicks);
    }

    private async Task TakeWatchersAsync(SiloAddress gateway, UserId[] watchers, KnownUser user, bool replace)
    {
        var wasDecided = user.ShowsToAll is not null;
        user.ShowsToAll ??= await GrainFactory.GetUserSettings(user.Id).ShowsPresenceToAll();
        var wasWatched = user.IsWatched;
        var undecided = user.Watch(gateway, watchers, replace);
        if (!wasWatched)
        {
            user.WasOnline = user.IsOnline(time.GetUtcNow(), _options);
            if (user.WasOnline) _online.Add(user);
        }

        // Contacts change without a word: who shows himself only to them is asked again with each look and renewal.
        var asksAgain = user.ShowsToAll == false;
        // A change of privacy may have failed before it was decided for all of them.
        IReadOnlyCollection<UserId> open = !wasDecided ? user.AllWatchers : asksAgain ? watchers : undecided;
        if (open.Count > 0) await DecideAsync(user, open);
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
