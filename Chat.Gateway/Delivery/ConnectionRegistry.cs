using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Chat.Gateway.Accounts;
using Chat.Gateway.Conversations;
using Chat.Ids;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Delivery;

/// <summary>
/// This gateway's connections by user: finding them takes one look-up however many there are, where SignalR's own
/// manager scans all of them. SignalR tells it of each connection as its lifetime manager.
/// </summary>
internal sealed class ConnectionRegistry(
    ILogger<DefaultHubLifetimeManager<ChatHub>> logger, IOptions<ConnectionOptions> options)
    : DefaultHubLifetimeManager<ChatHub>(logger)
{
    private readonly ConcurrentDictionary<UserId, ClientConnection[]> _byUser = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<ClientConnection> All => _byUser.Values.SelectMany(connections => connections);

    public ClientConnection[] Of(UserId user) => _byUser.GetValueOrDefault(user, []);

    public bool Has(UserId user) => _byUser.ContainsKey(user);

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        var client = new ClientConnection(
            connection, connection.User.GetUserId(), Random.Shared.NextInt64(1, long.MaxValue),
            options.Value.QueuedPushesMax);
        connection.Features.Set(client);
        _byUser.AddOrUpdate(
            client.User, static (_, added) => [added], static (_, known, added) => [.. known, added], client);
        Interlocked.Increment(ref _count);
        StartClientTimeout(connection);
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Features.Get<ClientConnection>() is { } client) Remove(client);
        return base.OnDisconnectedAsync(connection);
    }

    /// <summary>
    /// SignalR starts it with a client's own first ping: who was lost before that would stay until TCP gives up, and
    /// would look online as long. Nothing public starts it sooner.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void StartClientTimeout(HubConnectionContext connection);

    private void Remove(ClientConnection client)
    {
        Interlocked.Decrement(ref _count);
        while (_byUser.TryGetValue(client.User, out var known))
        {
            var left = Array.FindAll(known, other => other != client);
            var removed = left.Length == 0
                ? _byUser.TryRemove(KeyValuePair.Create(client.User, known))
                : _byUser.TryUpdate(client.User, left, known);
            if (removed) return;
        }
    }
}
