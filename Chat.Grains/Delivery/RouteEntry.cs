using Chat.Ids;

namespace Chat.Delivery;

/// <summary>
/// One user in the <see cref="RouteTable"/>, and the audiences that hold his route.
/// <para><b>Invariants.</b> Audiences hear of changes under this entry's lock, so in their order; an audience takes its
/// own lock inside, never the other way round. An entry that has ended is out of the table for good.</para>
/// </summary>
/// <param name="usedAt">Moment of the table.</param>
internal sealed class RouteEntry(Route route, long usedAt)
{
    private const long NotYet = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly List<Audience> _holders = new(1);
    private volatile Route _route = route;
    private long _changedAt = NotYet;
    private bool _hasEnded;

    public UserId User { get; } = route.UserId;

    public Route Route => _route;

    /// <summary>Moment of the table.</summary>
    public long UsedAt { get; set; } = usedAt;

    /// <summary>Number of the newest subscription that told it; does not change once it has ended.</summary>
    public long Subscription { get; private set; }

    /// <summary>
    /// When a device may last have come or gone, as a moment of the table: whoever takes that moment or a later one
    /// finds the route as it was then, or a newer one.
    /// </summary>
    public long ChangedAt => Volatile.Read(ref _changedAt);

    /// <returns>False: the entry has ended; look again.</returns>
    public bool TryHold(Audience audience)
    {
        lock (_lock)
        {
            if (_hasEnded) return false;
            if (!_holders.Contains(audience)) _holders.Add(audience);
            audience.Learn(User, _route);
            return true;
        }
    }

    public void Release(Audience audience)
    {
        lock (_lock) _holders.Remove(audience);
    }

    /// <returns>False: the entry has ended; look again.</returns>
    public bool TryReplace(Route route, long number, ref long clock)
    {
        lock (_lock)
        {
            if (_hasEnded) return false;
            Subscription = Math.Max(Subscription, number);
            var isNews = IsNews(route);
            if (isNews) Show(route);
            // Last: a push that is under way had a moment before, and so counts as missed.
            if (isNews || _changedAt == NotYet) Volatile.Write(ref _changedAt, Interlocked.Increment(ref clock));
            return true;
        }
    }

    public void Correct(SiloAddress gateway, long moment)
    {
        lock (_lock)
        {
            if (_changedAt > moment) return;
            var left = Array.FindAll(_route.Sessions, session => !session.Gateway.Equals(gateway));
            if (left.Length < _route.Sessions.Length) Show(_route with { Sessions = left });
        }
    }

    /// <summary>Ends it, unless an audience holds it.</summary>
    public bool TryEndUnheld()
    {
        lock (_lock)
        {
            if (_holders.Count > 0) return false;
            _hasEnded = true;
            return true;
        }
    }

    /// <summary>Ends it: those who hold it have to ask again.</summary>
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            foreach (var holder in _holders) holder.Learn(User, null);
            _holders.Clear();
        }
    }

    private bool IsNews(Route route)
    {
        var known = _route;
        if (!known.Owner.Equals(route.Owner) || route.Version > known.Version) return true;
        return route.Version == known.Version && known.Blocked is null && route.Blocked is not null;
    }

    private void Show(Route route)
    {
        _route = route;
        foreach (var holder in _holders) holder.Learn(User, route);
    }
}
