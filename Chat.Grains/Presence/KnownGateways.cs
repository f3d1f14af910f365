using Chat.Ids;

namespace Chat.Presence;

/// <summary>
/// The gateways that a presence grain has heard of: who is connected there, whom somebody there watches, and until when
/// its word holds.
/// </summary>
internal sealed class KnownGateways
{
    private readonly Dictionary<SiloAddress, Gateway> _gateways = [];

    internal sealed class Gateway
    {
        public DateTimeOffset LeaseEnds { get; set; }

        /// <summary>Has sent a snapshot.</summary>
        public bool IsKnown { get; set; }

        /// <summary>Of its last snapshot: what was published before is older.</summary>
        public long Version { get; set; }

        public HashSet<UserId> Connected { get; set; } = [];

        public HashSet<UserId> Watched { get; set; } = [];
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
