using Chat.Delivery;

namespace Chat.Users;

/// <summary>
/// One user's connections, each under a lease that its gateway renews: so a connection whose gateway died without a
/// word is gone when the lease is.
/// </summary>
internal sealed class Sessions
{
    private readonly List<Lease> _leases = [];

    private sealed class Lease(Session session)
    {
        public Session Session => session;
        public DateTimeOffset EndsAt { get; set; }
    }

    public bool IsEmpty => _leases.Count == 0;

    /// <returns>True: this connection was not known.</returns>
    public bool Renew(Session session, DateTimeOffset endsAt)
    {
        var known = _leases.Find(lease => lease.Session == session);
        var lease = known ?? new Lease(session);
        if (known is null) _leases.Add(lease);
        lease.EndsAt = endsAt;
        return known is null;
    }

    public bool Remove(Session session) => _leases.RemoveAll(lease => lease.Session == session) > 0;

    public bool RemoveGateway(SiloAddress gateway) =>
        _leases.RemoveAll(lease => lease.Session.Gateway.Equals(gateway)) > 0;

    public bool RemoveExpired(DateTimeOffset now) => _leases.RemoveAll(lease => lease.EndsAt <= now) > 0;

    /// <summary>When the first lease ends; null: there is none.</summary>
    public DateTimeOffset? NextEnd => _leases.Count == 0 ? null : _leases.Min(lease => lease.EndsAt);

    public Session[] Snapshot() => [.. _leases.Select(lease => lease.Session)];

    public IEnumerable<SiloAddress> Gateways => _leases.Select(lease => lease.Session.Gateway).Distinct();
}
