using Chat.Conversations;
using Chat.Ids;
using Chat.Presence;
using Chat.Receipts;
using Microsoft.Extensions.Logging;

namespace Chat.Delivery;

/// <summary>
/// Hop 4: from a conversation's members to the gateways that hold their connections. An offline member costs nothing; a
/// gateway gets one push, however many of its users are meant. Never waits.
/// </summary>
internal sealed partial class Fanout(
    RouteTable routes, GatewayLanes gateways, TimeProvider time, ILogger<Fanout> logger)
{
    /// <summary>Up to so many users, whoever caused a push is left out here; past it his gateway does so.</summary>
    private const int FilteredUsersMax = 4;

    /// <summary>How often a member's grain is asked where he is, before he is given up.</summary>
    internal const int AsksMax = 5;

    private static readonly TimeSpan AsksApart = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RoomWait = TimeSpan.FromSeconds(1);

    /// <summary>Has to be done before an entry is appended that lets these users in.</summary>
    public ValueTask EnsureRoutesAsync(IReadOnlyList<UserId> joining) => routes.EnsureAsync(joining, withBlocks: false);

    /// <param name="isDirect">Whom the members block matters.</param>
    public Audience Gather(IEnumerable<UserId> members, bool isDirect)
    {
        var audience = new Audience(routes, needsBlocks: isDirect);
        audience.Add(members);
        return audience;
    }

    /// <summary>
    /// To be awaited before an entry of a group: until the gateways have taken what went to its members before,
    /// at most for a second. So its senders are answered at the pace at which its members hear them.
    /// </summary>
    public async ValueTask RoomAsync(Audience audience)
    {
        var room = gateways.RoomAsync(audience.Places);
        if (room.IsCompleted) return;
        try
        {
            await room.WaitAsync(RoomWait, time);
        }
        catch (TimeoutException)
        {
            // A gateway hangs: its lane is bounded and tells its users to resume; the group goes on.
        }
    }

    /// <summary>Whether <see cref="RoomAsync"/> would not wait.</summary>
    public bool HasRoom(Audience audience) => gateways.RoomAsync(audience.Places).IsCompleted;

    public void PushMessage(Message message, Audience audience, long origin) =>
        Push(audience, message.SenderId, new Push([], origin, Message: message));

    /// <summary>To these members' devices: the authors of what it passes, and the member's own.</summary>
    public void PushReceipt(ReceiptAdvanced receipt, UserId[] users, long origin) =>
        PushTo(users, new Push([], origin, Receipt: receipt));

    /// <summary>Before a push: later, which devices it can't have reached follows from it.</summary>
    public long Now => routes.Now;

    /// <summary>Once more, to those users to whom a device may have come since that moment.</summary>
    public void PushReceiptAgain(ReceiptAdvanced receipt, UserId[] users, long origin, long moment)
    {
        var missed = Array.FindAll(users, user => routes.HasChangedSince(user, moment));
        if (missed.Length > 0) PushReceipt(receipt, missed, origin);
    }

    /// <summary>Whether a device may have come to one of these users since that moment.</summary>
    public bool HasChangedSince(UserId[] users, long moment) =>
        Array.Exists(users, user => routes.HasChangedSince(user, moment));

    /// <summary>What these users may have missed can't be told here; the store tells each his part.</summary>
    public void PushResync(UserId[] users) => PushTo(users, new Push([], Resync: true));

    /// <summary>To the author's devices.</summary>
    public void PushCounts(UserId author, ReceiptCounts counts) => PushTo([author], new Push([], Counts: counts));

    /// <summary>To some users alone.</summary>
    public void PushMessage(Message message, IReadOnlyList<UserId> users, long origin) =>
        PushTo(users, new Push([], origin, Message: message));

    /// <summary>As below, for all members.</summary>
    public void PushChanged(ConversationId conversation, Audience audience, UserId by, long origin) =>
        Push(audience, by, new Push([], origin, Changed: conversation));

    /// <summary>Not to the typist himself, nor across a block.</summary>
    public void PushTyping(TypingChanged typing, Audience audience)
    {
        if (audience.IsBlocked) return;
        var push = new Push([], Typing: typing);
        foreach (var (gateway, users) in audience.Places)
        {
            var meant = Array.FindAll(users, user => user != typing.UserId);
            if (meant.Length > 0) gateways.Enqueue(gateway, push with { Users = meant });
        }
    }

    /// <summary>The gateways read the conversation anew for those users and push it.</summary>
    public void PushChanged(ConversationId conversation, IReadOnlyList<UserId> users, long origin) =>
        PushTo(users, new Push([], origin, Changed: conversation));

    private void Push(Audience audience, UserId by, Push push)
    {
        var places = audience.Places;
        var own = push.Except == 0 ? null : audience.FindSole(by, push.Except);
        foreach (var (gateway, users) in places)
        {
            var meant = gateway.Equals(own) && users.Length <= FilteredUsersMax
                ? Array.FindAll(users, user => user != by)
                : users;
            if (meant.Length > 0) gateways.Enqueue(gateway, push with { Users = meant });
        }

        if (audience.FindForgotten() is { Length: > 0 } forgotten) PushOnceKnown(forgotten, push);
    }

    private void PushTo(IReadOnlyList<UserId> users, Push push)
    {
        // A receipt is pushed again once it is durable, and must not be overtaken.
        if (PushToKnown(users, push) is { } forgotten && push.Receipt is null) PushOnceKnown(forgotten, push);
    }

    /// <returns>Those who are not in the table; null: nobody.</returns>
    private List<UserId>? PushToKnown(IReadOnlyList<UserId> users, Push push)
    {
        var audiences = new GatewayAudiences();
        List<UserId>? forgotten = null;
        foreach (var user in users)
        {
            if (routes.Find(user) is not { } route)
            {
                (forgotten ??= []).Add(user);
                continue;
            }

            foreach (var session in route.Sessions)
                if (session.Connection != push.Except) audiences.Add(session.Gateway, user);
        }

        foreach (var (gateway, audience) in audiences.All)
            gateways.Enqueue(gateway, push with { Users = [.. audience] });
        return forgotten;
    }

    /// <summary>
    /// The silo that told where they are died during the commit; they may be elsewhere already. Whose grain is away
    /// keeps it from nobody else: he is asked for again, so many times, and told to resume once he is known.
    /// </summary>
    private async void PushOnceKnown(IReadOnlyList<UserId> users, Push push)
    {
        for (var asks = 1; ; asks++)
        {
            Exception? fault = null;
            try
            {
                await routes.EnsureAsync(users, withBlocks: false);
            }
            catch (Exception e)
            {
                fault = e;
            }

            if (PushToKnown(users, push) is not { } away) return;
            if (asks == AsksMax)
            {
                // A successor of their grains that does not know their devices tells them to resume.
                LogMembersAway(away.Count, fault);
                return;
            }

            (users, push) = (away, new Push([], Resync: true));
            await Task.Delay(AsksApart, time);
        }
    }

    /// <summary>Users by gateway: mostly one gateway and one user, so lists and no hashing.</summary>
    private struct GatewayAudiences()
    {
        private readonly List<(SiloAddress Gateway, List<UserId> Users)> _audiences = new(2);

        public readonly IReadOnlyList<(SiloAddress Gateway, List<UserId> Users)> All => _audiences;

        public readonly void Add(SiloAddress gateway, UserId user)
        {
            foreach (var (known, users) in _audiences)
            {
                if (!known.Equals(gateway)) continue;
                if (users[^1] != user) users.Add(user);
                return;
            }

            _audiences.Add((gateway, [user]));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A push could not reach {Users} users: their grains are away")]
    private partial void LogMembersAway(int users, Exception? exception);
}
