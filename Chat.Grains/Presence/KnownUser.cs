using Chat.Ids;

namespace Chat.Presence;

/// <summary>
/// One user in a presence grain's memory: where he is connected, when he last gave any input, and who watches him.
/// Kept only while one of these says something that the store does not.
/// </summary>
internal sealed class KnownUser(UserId id)
{
    private readonly List<SiloAddress> _connectedAt = new(1);

    /// <summary>Watchers by their gateway; true: he shows himself to that one.</summary>
    private Dictionary<SiloAddress, Dictionary<UserId, bool>>? _watchers;

    public UserId Id => id;

    /// <summary>Of all that was heard and stored; null: never.</summary>
    public DateTimeOffset? LastInput { get; private set; }

    /// <summary>Since when he is nowhere connected.</summary>
    public DateTimeOffset AbsentSince { get; set; }

    /// <summary>What the store knows of his last input has been asked for.</summary>
    public bool IsLoaded { get; set; }

    /// <summary>His last input is to be written.</summary>
    public bool IsUnwritten { get; set; }

    /// <summary>Whether he shows himself to everybody; null: not asked yet.</summary>
    public bool? ShowsToAll { get; set; }

    /// <summary>What his watchers were told last.</summary>
    public bool WasOnline { get; set; }

    public bool IsConnected => _connectedAt.Count > 0;

    public bool IsWatched => _watchers is { Count: > 0 };

    /// <returns>True: that is later than what was known.</returns>
    public bool HeardInput(DateTimeOffset at)
    {
        if (LastInput >= at) return false;
        LastInput = at;
        return true;
    }

    public void Connect(SiloAddress gateway)
    {
        if (!_connectedAt.Contains(gateway)) _connectedAt.Add(gateway);
    }

    public void Disconnect(SiloAddress gateway, DateTimeOffset since)
    {
        if (_connectedAt.Remove(gateway) && _connectedAt.Count == 0) AbsentSince = since;
    }

    /// <summary>Connected (a connection just dropped may come back), and input not long ago.</summary>
    public bool IsOnline(DateTimeOffset now, PresenceOptions options) =>
        (IsConnected || now < AbsentSince + options.Grace) && now < LastInput + options.OnlineFor;

    public UserPresence Show() => new(id, WasOnline, LastInput);

    /// <summary>Replaces or adds to a gateway's watchers; those that were known keep what was decided.</summary>
    /// <returns>Those for whom it is still to be decided.</returns>
    public List<UserId> Watch(SiloAddress gateway, UserId[] watchers, bool replace)
    {
        var known = WatchersAt(gateway);
        var now = replace || known is null ? new Dictionary<UserId, bool>(watchers.Length) : known;
        var undecided = new List<UserId>();
        foreach (var watcher in watchers)
        {
            if (known is not null && known.TryGetValue(watcher, out var shows)) now[watcher] = shows;
            else if (now.TryAdd(watcher, ShowsToAll == true) && ShowsToAll != true) undecided.Add(watcher);
        }

        (_watchers ??= [])[gateway] = now;
        return undecided;
    }

    public void Unwatch(SiloAddress gateway)
    {
        if (_watchers is null || !_watchers.Remove(gateway)) return;
        if (_watchers.Count > 0) return;
        _watchers = null;
        // Nobody tells of changes any more; the next watcher asks anew.
        ShowsToAll = null;
        WasOnline = false;
    }

    public Dictionary<UserId, bool>? WatchersAt(SiloAddress gateway) => _watchers?.GetValueOrDefault(gateway);

    public IEnumerable<(SiloAddress Gateway, Dictionary<UserId, bool> Watchers)> Watchers =>
        _watchers is null ? [] : _watchers.Select(at => (at.Key, at.Value));

    public UserId[] AllWatchers => [.. Watchers.SelectMany(at => at.Watchers.Keys).Distinct()];

    /// <summary>Takes the decision for watchers of any gateway.</summary>
    /// <returns>By gateway those for whom it has changed.</returns>
    public List<(SiloAddress Gateway, UserId[] Users, bool Shows)> Decide(
        IReadOnlyCollection<UserId> decided, HashSet<UserId>? shown)
    {
        var changes = new List<(SiloAddress, UserId[], bool)>();
        foreach (var (gateway, watchers) in Watchers)
        {
            List<UserId> appear = [], vanish = [];
            foreach (var watcher in decided)
            {
                if (!watchers.TryGetValue(watcher, out var before)) continue;
                var shows = shown is null || shown.Contains(watcher);
                if (shows == before) continue;
                watchers[watcher] = shows;
                (shows ? appear : vanish).Add(watcher);
            }

            if (appear.Count > 0) changes.Add((gateway, [.. appear], true));
            if (vanish.Count > 0) changes.Add((gateway, [.. vanish], false));
        }

        return changes;
    }
}
