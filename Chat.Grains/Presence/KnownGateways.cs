using Chat.Ids;

namespace Chat.Presence;

/// <summary>
/// The gateways that a presence grain has heard of: who is connected there, whom somebody there watches, and until when
/// its word holds.
/// </summary>
internal sealed class KnownGateways
{
    private readonly Dictionary<SiloAddress, Gateway> _gateways = [];

    /// <summary>
    /// One gateway's word. It comes by three ways that overtake one another (snapshots, batches, watches), each thing
    /// with a version; nothing older overrides what is newer.
    /// </summary>
    internal sealed class Gateway
    {
        /// <summary>Versions of the batches that named a user since the last snapshot was taken.</summary>
        private readonly Dictionary<UserId, long> _heard = [];
        private long _version;

        public DateTimeOffset LeaseEnds { get; set; }

        /// <summary>Has sent a snapshot.</summary>
        public bool IsKnown { get; set; }

        public HashSet<UserId> Connected { get; } = [];

        /// <summary>Whom somebody there watches, with the version of the latest such watch.</summary>
        public Dictionary<UserId, long> Watched { get; } = [];

        /// <summary>Nothing newer was heard of whether that user is connected there.</summary>
        public bool IsNewest(UserId user, long version) =>
            version >= _version && version >= _heard.GetValueOrDefault(user);

        public void Hear(UserId user, long version) => _heard[user] = version;

        public void Watch(UserId user, long version) =>
            Watched[user] = Math.Max(version, Watched.GetValueOrDefault(user));

        /// <summary>A snapshot of that version was taken in.</summary>
        public void Renew(long version)
        {
            _version = Math.Max(_version, version);
            foreach (var (user, heard) in _heard)
                if (heard <= _version) _heard.Remove(user);
        }
    }

    public bool IsEmpty => _gateways.Count == 0;

    public Gateway Of(SiloAddress gateway, DateTimeOffset leaseEnds)
    {
        if (_gateways.TryGetValue(gateway, out var known)) return known;
        return _gateways[gateway] = new Gateway { LeaseEnds = leaseEnds };
    }

    public List<(SiloAddress Address, Gateway Gateway)> TakeEnded(Func<SiloAddress, bool> isGone, DateTimeOffset now)
    {
        List<(SiloAddress, Gateway)> ended = [];
        foreach (var (address, gateway) in _gateways)
            if (isGone(address) || gateway.LeaseEnds <= now) ended.Add((address, gateway));
        foreach (var (address, _) in ended) _gateways.Remove(address);
        return ended;
    }
}
