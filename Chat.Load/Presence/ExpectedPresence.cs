namespace Chat.Load.Presence;

/// <summary>
/// Who ought to be seen online, from what was done here, and how many pushes that makes: each change is one for every
/// watcher who is connected then.
/// </summary>
/// <remarks>
/// Thread-safe. It looks once a second, as the servers do, so its count is an estimate: what changes and changes back
/// between two looks, or at the edges of a phase, may be told or not.
/// </remarks>
internal sealed class ExpectedPresence(int users, Func<int, IEnumerable<int>> watchersOf, TimeProvider time)
{
    // What servers do unless told otherwise.
    private static readonly TimeSpan OnlineFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly User[] _users = new User[users];
    private long _pushes;

    /// <summary>Since the begin.</summary>
    public long Pushes
    {
        get { lock (_gate) return _pushes; }
    }

    public int Online
    {
        get { lock (_gate) return _users.Count(user => user.WasOnline); }
    }

    public void Connected(int user)
    {
        lock (_gate) _users[user].IsConnected = true;
    }

    public void Dropped(int user)
    {
        lock (_gate)
        {
            (_users[user].IsConnected, _users[user].IsWatching) = (false, false);
            _users[user].DroppedAt = time.GetTimestamp();
        }
    }

    public void Watching(int user)
    {
        lock (_gate) _users[user].IsWatching = true;
    }

    public void Unwatching(int user)
    {
        lock (_gate) _users[user].IsWatching = false;
    }

    /// <summary>He touched his app.</summary>
    public void Touched(int user)
    {
        lock (_gate) _users[user].TouchedAt = time.GetTimestamp();
    }

    public void Look()
    {
        lock (_gate)
        {
            for (var n = 0; n < _users.Length; n++)
            {
                var isOnline = IsOnline(_users[n]);
                if (isOnline == _users[n].WasOnline) continue;
                _users[n].WasOnline = isOnline;
                _pushes += watchersOf(n).Count(watcher => _users[watcher].IsWatching);
            }
        }
    }

    private bool IsOnline(User user) =>
        user.TouchedAt != 0
        && time.GetElapsedTime(user.TouchedAt) < OnlineFor
        && (user.IsConnected || (user.DroppedAt != 0 && time.GetElapsedTime(user.DroppedAt) < Grace));

    private struct User
    {
        public bool IsConnected;
        public bool IsWatching;
        public bool WasOnline;
        public long DroppedAt;
        public long TouchedAt;
    }
}
