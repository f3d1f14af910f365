using Chat.Gateway.Delivery;
using Chat.Ids;
using Chat.Presence;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Presence;

/// <summary>
/// Which connections here watch a user, by presence grain: so a renewal reads its own share alone. Thread-safe.
/// </summary>
internal sealed class WatchIndex(IOptions<PresenceOptions> options)
{
    private readonly Dictionary<UserId, List<ClientConnection>>[] _shards =
        [.. Enumerable.Range(0, options.Value.Shards).Select(_ => new Dictionary<UserId, List<ClientConnection>>())];

    public void Add(UserId user, ClientConnection watcher)
    {
        var shard = Of(user);
        lock (shard)
        {
            if (!shard.TryGetValue(user, out var watchers)) shard[user] = watchers = new List<ClientConnection>(1);
            watchers.Add(watcher);
        }
    }

    public void Remove(UserId user, ClientConnection watcher)
    {
        var shard = Of(user);
        lock (shard)
        {
            if (!shard.TryGetValue(user, out var watchers)) return;
            watchers.Remove(watcher);
            if (watchers.Count == 0) shard.Remove(user);
        }
    }

    public List<(UserId User, ClientConnection[] Watchers)> Snapshot(int shard)
    {
        var users = _shards[shard];
        lock (users) return [.. users.Select(user => (user.Key, user.Value.ToArray()))];
    }

    private Dictionary<UserId, List<ClientConnection>> Of(UserId user) =>
        _shards[PresenceShards.Of(user, _shards.Length)];
}
