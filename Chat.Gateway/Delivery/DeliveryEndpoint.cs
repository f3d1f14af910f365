using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Gateway.Presence;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Presence;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Chat.Gateway.Delivery;

/// <summary>
/// Hop 6: finds the connections of a batch of pushes and puts each push into their queues. Never waits for a socket, so
/// that a slow one holds up nobody; a push to many lets others pass in between and after. Encoded once per protocol.
/// </summary>
[Reentrant]
internal sealed class DeliveryEndpoint(
    GrainId id, Silo silo, ILoggerFactory loggers, ConnectionRegistry connections, ChangedConversations changed,
    ConversationPlaces places, Watches watches, RoomForOthers room, TimeProvider time)
    : GrainService(id, silo, loggers), IDeliveryEndpoint
{
    private const int UsersAtOnce = 64;

    public async Task<UserId[]> Deliver(SiloAddress from, Push[] pushes)
    {
        HashSet<UserId>? unknown = null;
        var begun = time.GetTimestamp();
        var served = 0;
        foreach (var push in pushes)
        {
            SerializedHubMessage? encoded = null;
            if ((push.Message?.ConversationId ?? push.Receipt?.ConversationId) is { } spoke) places.Learn(spoke, from);
            foreach (var user in push.Users)
            {
                if (++served % UsersAtOnce == 0) await ComeLastAsync();
                var found = connections.Of(user);
                if (found.Length == 0) (unknown ??= []).Add(user);
                else if (push.Changed is { } conversation) changed.Push(user, conversation, push.Except);
                else if (push.Resync) Resync(found);
                else if (push.PrivacyChanged) _ = watches.DecideAnewAsync(user);
                else if (push.Presence is { } presence) Tell(found, presence, ref encoded);
                else Push(found, encoded ??= Encode(push), push.Except);
            }
        }

        // Many may be told to resume at once, ahead of pushes to few: these are not to rest for it.
        if (Array.Exists(pushes, push => push is { IsToMany: true, Resync: false })) await room.RestAsync(begun);
        else room.Passed();
        return unknown is null ? [] : [.. unknown];
    }

    /// <summary>
    /// Behind all that waits for a thread, or the sockets of one large group would stand before everybody else's.
    /// (<see cref="Task.Yield"/> only lets other calls of this grain service pass.)
    /// </summary>
    private static Task ComeLastAsync() => Task.Factory.StartNew(
        static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);

    private static void Push(ClientConnection[] connections, SerializedHubMessage message, long except)
    {
        foreach (var connection in connections)
            if (connection.Key != except) connection.Push(message);
    }

    private static void Resync(ClientConnection[] connections)
    {
        foreach (var connection in connections)
        {
            ConnectionMetrics.ToldToResume();
            connection.PushResync();
        }
    }

    private static void Tell(
        ClientConnection[] connections, UserPresence presence, ref SerializedHubMessage? message)
    {
        foreach (var connection in connections)
            if (connection.Watching?.TryTell(presence) == true) connection.Push(message ??= Watches.Encode(presence));
    }

    private static SerializedHubMessage Encode(Push push) => new(push switch
    {
        { Message: { } message } => new InvocationMessage(ServerCallbacks.MessageAppended, [message]),
        { Counts: { } counts } => new InvocationMessage(ServerCallbacks.ReceiptCounts, [counts]),
        { Typing: { } typing } => new InvocationMessage(ServerCallbacks.TypingChanged, [typing]),
        { Receipt: { } receipt } => new InvocationMessage(ServerCallbacks.ReceiptAdvanced, [receipt]),
        _ => new InvocationMessage(ServerCallbacks.ResyncRequired, [new ResyncRequired(null)]),
    });
}
