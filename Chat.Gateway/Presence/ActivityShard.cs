using Chat.Ids;
using Chat.Presence;

namespace Chat.Gateway.Presence;

/// <summary>What the users of one presence grain do here. Thread-safe.</summary>
/// <remarks>
/// News (somebody comes, goes, or touches his app after a long rest) may change what his watchers see, and is due at
/// once. Routine, further input of somebody who is online, changes nothing and waits to travel with others'.
/// </remarks>
/// <param name="noteApart">How long routine waits, and how far apart notes of one connected user's input are.</param>
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
    private readonly HashSet<UserId> _later = [];
    private long _laterSince;
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
            if (rest >= noteApart.TotalMilliseconds)
                NoteInput(user, present, now, isNews: rest >= newsAfter.TotalMilliseconds);
            else if (_later.Add(user) && _later.Count == 1) _laterSince = time.GetTimestamp();
        }
    }

    public long TakeVersion()
    {
        lock (_lock) return NextVersion();
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
            var isDue = NoteLater();
            if (_noted.Count == 0) return null;
            if (!isDue && !_hasNews && time.GetElapsedTime(_notedSince) < noteApart) return null;
            Activity[] taken = [.. _noted.Values];
            _noted = [];
            _hasNews = false;
            return (NextVersion(), taken);
        }
    }

    /// <summary>Notes the input that came too soon after a note, once that is a while ago.</summary>
    private bool NoteLater()
    {
        if (_later.Count == 0 || time.GetElapsedTime(_laterSince) < noteApart) return false;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var user in _later)
        {
            // Who has gone was noted with his input when he went.
            if (_connected.TryGetValue(user, out var present)) NoteInput(user, present, now, isNews: false);
        }

        _later.Clear();
        return true;
    }

    private void NoteInput(UserId user, Present present, long now, bool isNews)
    {
        present.NotedAt = now;
        Note(user, present.InputAt, isConnected: true, isNews);
    }

    private void Note(UserId user, long inputAt, bool isConnected, bool isNews)
    {
        if (_noted.Count == 0) _notedSince = time.GetTimestamp();
        // Who drops and comes back before the batch went starts anew here, and not for his watchers.
        if (_noted.TryGetValue(user, out var before)) inputAt = Math.Max(inputAt, before.InputAt);
        _noted[user] = new Activity(user, inputAt, isConnected);
        _hasNews |= isNews;
    }

    private long NextVersion() => _version = Math.Max(_version + 1, time.GetUtcNow().UtcTicks);
}
