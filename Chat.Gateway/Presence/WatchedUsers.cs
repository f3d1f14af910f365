using Chat.Ids;
using Chat.Presence;

namespace Chat.Gateway.Presence;

/// <summary>
/// Whom one connection watches, and what it was told of each, so that it is told of changes alone. Thread-safe.
/// </summary>
internal sealed class WatchedUsers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, Told> _users = [];

    /// <param name="Shows">The watcher shows himself to that user; only then may he see him.</param>
    /// <param name="IsLost">It may not have arrived: whatever holds is news.</param>
    private readonly record struct Told(bool Shows, bool IsOnline, DateTimeOffset? LastSeen, bool IsLost = false);

    /// <returns>Those that are new; null: with them there would be too many, and none was added.</returns>
    public UserId[]? TryAdd(IEnumerable<UserId> users, int usersMax)
    {
        lock (_lock)
        {
            UserId[] added = [.. users.Where(user => !_users.ContainsKey(user))];
            if (_users.Count + added.Length > usersMax) return null;
            foreach (var user in added) _users[user] = default;
            return added;
        }
    }

    public bool Remove(UserId user)
    {
        lock (_lock) return _users.Remove(user);
    }

    public UserId[] Snapshot()
    {
        lock (_lock) return [.. _users.Keys];
    }

    public bool ShowsTo(UserId user)
    {
        lock (_lock) return _users.TryGetValue(user, out var told) && told.Shows;
    }

    /// <summary>The watcher shows himself to these of those, and so may see them if they show themselves.</summary>
    /// <returns>Those of whom there was something to see that he may not see any more.</returns>
    public List<UserId> Decide(IReadOnlyCollection<UserId> decided, HashSet<UserId> shown)
    {
        var vanished = new List<UserId>();
        lock (_lock)
        {
            foreach (var user in decided)
            {
                if (!_users.TryGetValue(user, out var told)) continue;
                var shows = shown.Contains(user);
                if (!shows && (told.LastSeen is not null || told.IsLost)) vanished.Add(user);
                _users[user] = shows ? told with { Shows = true } : default;
            }
        }

        return vanished;
    }

    /// <returns>True: the device is to be told, for it was told something else before.</returns>
    public bool TryTell(UserPresence presence)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(presence.UserId, out var told)) return false;
            var now = new Told(told.Shows, presence.Online, presence.LastSeen);
            if (!told.Shows || now == told) return false;
            // While somebody is online his last input is no news.
            if (presence.Online && told is { IsOnline: true, IsLost: false }) return false;
            _users[presence.UserId] = now;
            return true;
        }
    }

    /// <summary>Pushes to the device were dropped, any of these among them: the next renewal tells all of it.</summary>
    public void Lose()
    {
        lock (_lock)
            foreach (var user in _users.Keys.ToArray()) _users[user] = _users[user] with { IsLost = true };
    }

    /// <returns>Those whom the device may not see and may not know of: they are told no more.</returns>
    public List<UserId> TakeLostUnseen()
    {
        lock (_lock)
        {
            var lost = _users.Where(one => one.Value is { Shows: false, IsLost: true }).Select(one => one.Key).ToList();
            foreach (var user in lost) _users[user] = default;
            return lost;
        }
    }
}
