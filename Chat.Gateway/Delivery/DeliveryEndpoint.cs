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
    ConversationPlaces places, Watches watches, RoomForOthers room)
    : GrainService(id, silo, loggers), IDeliveryEndpoint
{
    private const int UsersAtOnce = 64;

    /// <summary>Messages of one write to a socket.</summary>
    private const int TogetherMax = 16;

    /// <summary>Characters in them: a slow reader's bound counts writes, and none may be large.</summary>
    private const int TogetherCharactersMax = 8_192;

    private const int CharactersOfUserId = 32;

    public async Task<UserId[]> Deliver(SiloAddress from, Push[] pushes)
    {
        HashSet<UserId>? unknown = null;
        // Many may be told to resume at once, ahead of pushes to few: these are not to rest for it.
        var rests = Array.Exists(pushes, push => push is { IsToMany: true, Resync: false }) ? room.BeginMany() : null;
        var encoded = new SerializedHubMessage?[pushes.Length];
        var served = 0;
        for (int first = 0, next; first < pushes.Length; first = next)
        {
            next = first + CountToTheSame(pushes, first);
            for (var n = first; n < next; n++) LearnPlace(pushes[n], from);
            var bundle = next - first > 1 ? Bundle(pushes.AsSpan(first, next - first)) : null;
            foreach (var user in pushes[first].Users)
            {
                if (++served % UsersAtOnce == 0)
                {
                    await ComeLastAsync();
                    if (rests is not null) await rests.BetweenAsync();
                }

                var found = connections.Of(user);
                if (found.Length == 0) (unknown ??= []).Add(user);
                else if (bundle is not null) Push(found, bundle);
                else for (var n = first; n < next; n++) Push(user, found, pushes[n], ref encoded[n]);
            }
        }

        if (rests is not null) await rests.AfterAsync();
        else room.Passed();
        return unknown is null ? [] : [.. unknown];
    }

    /// <summary>
    /// A busy group's pushes come several in a batch. One connection gets them one right after the other, so that they
    /// leave in one write to its socket: most of what a push to many costs.
    /// </summary>
    private static int CountToTheSame(Push[] pushes, int first)
    {
        var users = pushes[first].Users;
        var characters = Characters(pushes[first]);
        var (next, end) = (first + 1, Math.Min(first + TogetherMax, pushes.Length));
        while (next < end && pushes[next].Users.AsSpan().SequenceEqual(users))
        {
            characters += Characters(pushes[next]);
            if (characters > TogetherCharactersMax) break;
            next++;
        }

        return next - first;
    }

    private static int Characters(Push push) => push.Message is { Content: var content }
        ? (content.Text?.Length ?? 0) + (CharactersOfUserId * (content.UserIds?.Length ?? 0))
        : 0;

    /// <returns>Null: among them is what is not the same for all.</returns>
    private static PushBundle? Bundle(ReadOnlySpan<Push> pushes)
    {
        foreach (var push in pushes)
            if (push.Message is null) return null;
        var messages = new BundledPush[pushes.Length];
        for (var n = 0; n < messages.Length; n++) messages[n] = new(Encode(pushes[n]), pushes[n].Except);
        return new PushBundle(messages);
    }

    private static void Push(ClientConnection[] connections, PushBundle bundle)
    {
        foreach (var connection in connections) connection.Push(bundle);
    }

    private void LearnPlace(Push push, SiloAddress from)
    {
        if ((push.Message?.ConversationId ?? push.Receipt?.ConversationId) is { } spoke) places.Learn(spoke, from);
    }

    private void Push(UserId user, ClientConnection[] found, Push push, ref SerializedHubMessage? encoded)
    {
        if (push.Changed is { } conversation) changed.Push(user, conversation, push.Except);
        else if (push.Resync) Resync(found);
        else if (push.PrivacyChanged) _ = watches.DecideAnewAsync(user);
        else if (push.Presence is { } presence) Tell(found, presence, ref encoded);
        else Push(found, encoded ??= Encode(push), push.Except);
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
