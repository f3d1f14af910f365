using Chat.Ids;

namespace Chat.Delivery;

/// <summary>The users of one gateway who are meant by a push. The array is shared: nobody changes it.</summary>
internal readonly record struct AudienceAt(SiloAddress Gateway, UserId[] Users);

/// <summary>
/// Where the members of one open conversation are online, by gateway. The route table tells it of each change of a
/// member's route, so that a message costs one push per gateway and nothing per member.
/// <para><b>Invariants.</b> Ready (<see cref="IsReady"/>) means that every member's route is known on this silo; routes
/// that it holds are not evicted. A list of users is made anew only after a change at that gateway.</para>
/// <para><b>Threads.</b> The conversation reads; route notices, corrections and dead silos write from anywhere, under
/// the lock of the entry and then the one here.</para>
/// </summary>
/// <param name="needsBlocks">A direct conversation: whom its members block has to be known too.</param>
internal sealed class Audience(RouteTable routes, bool needsBlocks)
{
    /// <summary>Routes asked for at once when a large group opens.</summary>
    private const int AskedAtOnceMax = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, Route?> _members = [];
    private readonly List<GatewayUsers> _gateways = new(2);
    private AudienceAt[]? _places = [];
    private int _unknown;
    private bool _isBlocked;

    public bool IsReady => Volatile.Read(ref _unknown) == 0;

    /// <summary>Whether a direct conversation's members have blocked each other.</summary>
    public bool IsBlocked => Volatile.Read(ref _isBlocked);

    /// <summary>Who of the members hides his reading.</summary>
    public HidingMembers Hiding { get; } = new();

    /// <summary>The gateways that have members online, and whom.</summary>
    public IReadOnlyList<AudienceAt> Places
    {
        get
        {
            if (Volatile.Read(ref _places) is { } known) return known;
            lock (_lock) return _places ??= _gateways.ConvertAll(gateway => gateway.Snapshot()).ToArray();
        }
    }

    /// <summary>Those whose route was forgotten since the last <see cref="EnsureAsync"/>.</summary>
    public UserId[] FindForgotten()
    {
        if (IsReady) return [];
        lock (_lock) return [.. from member in _members where member.Value is null select member.Key];
    }

    /// <summary>Has to be done before each append; done at once while nothing has to be asked.</summary>
    public ValueTask EnsureAsync() => IsReady ? ValueTask.CompletedTask : new ValueTask(AskAsync());

    public void Add(IEnumerable<UserId> users)
    {
        var added = new List<UserId>();
        lock (_lock)
        {
            foreach (var user in users)
            {
                if (!_members.TryAdd(user, null)) continue;
                added.Add(user);
                Hiding.Join(user);
            }

            _unknown += added.Count;
        }

        foreach (var user in added) routes.TryHold(user, this);
    }

    public void Remove(IEnumerable<UserId> users)
    {
        foreach (var user in users)
        {
            lock (_lock)
            {
                if (!_members.Remove(user, out var route)) continue;
                if (!IsKnown(route)) _unknown--;
                Move(user, route, null);
                Hiding.Leave(user);
            }

            // Last: whoever is asked for meanwhile is held first, and then looked for among the members.
            routes.Release(user, this);
        }
    }

    /// <summary>The conversation closes: nothing is held for it any more.</summary>
    public void Close()
    {
        UserId[] members;
        lock (_lock) members = [.. _members.Keys];
        Remove(members);
    }

    /// <summary>Where this member has that connection and no other; null: nowhere.</summary>
    public SiloAddress? FindSole(UserId user, long connection)
    {
        Route? route;
        lock (_lock) route = _members.GetValueOrDefault(user);
        if (route is null) return null;
        var at = Array.FindIndex(route.Sessions, session => session.Connection == connection);
        if (at < 0) return null;
        var gateway = route.Sessions[at].Gateway;
        foreach (var session in route.Sessions)
            if (session.Connection != connection && session.Gateway.Equals(gateway)) return null;
        return gateway;
    }

    /// <summary>Told by the route table; null: not known any more.</summary>
    public void Learn(UserId user, Route? route)
    {
        lock (_lock)
        {
            if (!_members.TryGetValue(user, out var known)) return;
            _members[user] = route;
            // First: once it is ready, what has to be asked is known to have to be.
            Hiding.Learn(user, known, route);
            _unknown += (IsKnown(route) ? 0 : 1) - (IsKnown(known) ? 0 : 1);
            Move(user, known, route);
            if (needsBlocks) Volatile.Write(ref _isBlocked, AreMembersBlocked());
        }
    }

    private async Task AskAsync()
    {
        UserId[] unknown;
        lock (_lock) unknown = [.. from member in _members where !IsKnown(member.Value) select member.Key];
        foreach (var some in unknown.Chunk(AskedAtOnceMax))
        {
            await routes.EnsureAsync(some, needsBlocks);
            foreach (var user in some)
                if (routes.TryHold(user, this) && !Has(user)) routes.Release(user, this);
        }
    }

    private bool Has(UserId user)
    {
        lock (_lock) return _members.ContainsKey(user);
    }

    private bool IsKnown(Route? route) => route is not null && (!needsBlocks || route.Blocked is not null);

    private bool AreMembersBlocked() =>
        _members.Values.Any(route => route is not null && _members.Keys.Any(route.Blocks));

    private void Move(UserId user, Route? from, Route? to)
    {
        foreach (var gateway in GatewaysOf(from))
        {
            if (IsAt(to, gateway)) continue;
            var left = _gateways.Find(known => known.Gateway.Equals(gateway))!;
            if (left.Remove(user) == 0) _gateways.Remove(left);
            _places = null;
        }

        foreach (var gateway in GatewaysOf(to))
        {
            if (IsAt(from, gateway)) continue;
            var joined = _gateways.Find(known => known.Gateway.Equals(gateway));
            if (joined is null) _gateways.Add(joined = new GatewayUsers(gateway));
            joined.Add(user);
            _places = null;
        }
    }

    private static bool IsAt(Route? route, SiloAddress gateway) =>
        route is not null && Array.Exists(route.Sessions, session => session.Gateway.Equals(gateway));

    private static IEnumerable<SiloAddress> GatewaysOf(Route? route) => route?.Sessions switch
    {
        null or [] => [],
        [var one] => [one.Gateway],
        var several => several.Select(session => session.Gateway).Distinct(),
    };

    private sealed class GatewayUsers(SiloAddress gateway)
    {
        private readonly List<UserId> _users = new(1);
        private UserId[]? _snapshot;

        public SiloAddress Gateway => gateway;

        public void Add(UserId user)
        {
            _users.Add(user);
            _snapshot = null;
        }

        /// <returns>How many are left.</returns>
        public int Remove(UserId user)
        {
            _users.Remove(user);
            _snapshot = null;
            return _users.Count;
        }

        public AudienceAt Snapshot() => new(gateway, _snapshot ??= [.. _users]);
    }
}
