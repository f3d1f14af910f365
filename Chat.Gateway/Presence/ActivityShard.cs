using Chat.Ids;
using Chat.Presence;

namespace Chat.Gateway.Presence;

/// <summary>What the users of one presence grain do here. Thread-safe.</summary>
/// <param name="noteApart">Further input of a connected user within this time is not published for itself.</param>
internal sealed class ActivityShard(TimeSpan noteApart, TimeProvider time)
{
    /// <summary>Users noted for one batch; the input of further ones, who are not connected here, is let go.</summary>
    private const int NotedMax = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, Present> _connected = [];
    private Dictionary<UserId, Activity> _noted = [];
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
            if (++present.Connections == 1) Note(user, present.InputAt, isConnected: true);
        }
    }

    public void Left(UserId user)
    {
        lock (_lock)
        {
            if (!_connected.TryGetValue(user, out var present) || --present.Connections > 0) return;
            _connected.Remove(user);
            Note(user, present.InputAt, isConnected: false);
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
                if (_noted.Count < NotedMax) Note(user, now, isConnected: false);
                return;
            }

            present.InputAt = now;
            if (now - present.NotedAt < noteApart.TotalMilliseconds) return;
            present.NotedAt = now;
            Note(user, now, isConnected: true);
        }
    }

    public (long Version, Activity[] Connected) Snapshot()
    {
        lock (_lock)
            return (NextVersion(), [.. _connected.Select(one => new Activity(one.Key, one.Value.InputAt, true))]);
    }

    public (long Version, Activity[] Users)? TakeNoted()
    {
        lock (_lock)
        {
            if (_noted.Count == 0) return null;
            Activity[] taken = [.. _noted.Values];
            _noted = [];
            return (NextVersion(), taken);
        }
    }

    private void Note(UserId user, long inputAt, bool isConnected) =>
        _noted[user] = new Activity(user, inputAt, isConnected);

    private long NextVersion() => _version = Math.Max(_version + 1, time.GetUtcNow().UtcTicks);
}
