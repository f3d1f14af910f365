using Chat.Ids;
using Chat.Presence;

namespace Chat.Gateway.Presence;

/// <summary>What the users of one presence grain do here. Thread-safe.</summary>
/// <remarks>
/// News (somebody comes, goes, or touches his app after a long rest) may change what his watchers see, and is due at
/// once. Routine, further input of somebody who is online, changes nothing and waits to travel with others'.
/// </remarks>
/// <param name="noteApart">
/// Further input of a connected user within this time is not noted for itself; routine waits as long.
/// </param>
/// <param name="newsAfter">
/// Input is news when none was noted for so long: well before he would count as offline.
/// </param>
internal sealed class ActivityShard(TimeSpan noteApart, TimeSpan newsAfter, TimeProvider time)
{
    /// <summary>Users noted for one batch; the input of further ones, who are not connected here, is let go.</summary>
    private const int NotedMax = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, Present> _connected = [];
    private Dictionary<UserId, Activity> _noted = [];
    private bool _hasNews;
    private long _notedSince;
    private long _version;

    private sealed class Present
    {
        public int Connections { get; set; }
        public long InputAt { get; set; }
        public long NotedAt { get; set; }
    }

    public void Came(UserId user)
    {
        lock (_lock)
        {
            if (!_connected.TryGetValue(user, out var present)) _connected[user] = present = new Present();
            if (++present.Connections == 1) Note(user, present.InputAt, isConnected: true, isNews: true);
        }
    }

    public void Left(UserId user)
    {
        lock (_lock)
        {
            if (!_connected.TryGetValue(user, out var present) || --present.Connections > 0) return;
            _connected.Remove(user);
            Note(user, present.InputAt, isConnected: false, isNews: true);
        }
    }

    public void Input(UserId user)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            if (!_connected.TryGetValue(user, out var present))
            {
                // By REST: moves last seen, and nobody is online by it.
                if (_noted.Count < NotedMax) Note(user, now, isConnected: false, isNews: false);
                return;
            }

            present.InputAt = now;
            var rest = now - present.NotedAt;
            if (rest < noteApart.TotalMilliseconds) return;
            present.NotedAt = now;
            Note(user, now, isConnected: true, isNews: rest >= newsAfter.TotalMilliseconds);
        }
    }

    public (long Version, Activity[] Connected) Snapshot()
    {
        lock (_lock)
            return (NextVersion(), [.. _connected.Select(one => new Activity(one.Key, one.Value.InputAt, true))]);
    }

    /// <summary>All that was noted, once anything of it is due; null: nothing is.</summary>
    public (long Version, Activity[] Users)? TakeNoted()
    {
        lock (_lock)
        {
            if (_noted.Count == 0) return null;
            if (!_hasNews && time.GetElapsedTime(_notedSince) < noteApart) return null;
            Activity[] taken = [.. _noted.Values];
            _noted = [];
            _hasNews = false;
            return (NextVersion(), taken);
        }
    }

    private void Note(UserId user, long inputAt, bool isConnected, bool isNews)
    {
        if (_noted.Count == 0) _notedSince = time.GetTimestamp();
        _noted[user] = new Activity(user, inputAt, isConnected);
        _hasNews |= isNews;
    }

    private long NextVersion() => _version = Math.Max(_version + 1, time.GetUtcNow().UtcTicks);
}
