using Chat.Conversations;
using Chat.Ids;
using Chat.Receipts;
using Microsoft.Extensions.Logging;

namespace Chat.Delivery;

/// <summary>
/// Hop 4: from a conversation's members to the gateways that hold their connections. An offline member costs nothing; a
/// gateway gets one push, however many of its users are meant. Never waits.
/// </summary>
internal sealed partial class Fanout(RouteTable routes, GatewayLanes gateways, ILogger<Fanout> logger)
{
    /// <summary>Has to be done before an append, see <see cref="RouteTable"/>.</summary>
    public ValueTask EnsureRoutesAsync(IReadOnlyList<UserId> members) => routes.EnsureAsync(members);

    /// <summary>Whether a direct conversation's members have blocked each other.</summary>
    public bool IsBlockedBetween(UserId[] members) =>
        members.Length == 2
        && (routes.Find(members[0])?.Blocks(members[1]) == true
            || routes.Find(members[1])?.Blocks(members[0]) == true);

    public void PushMessage(Message message, UserId[] members, long origin) =>
        Push(members, origin, new Push([], origin, Message: message));

    /// <summary>To the authors of what it passes and to the member's own other devices; not across a block.</summary>
    public void PushReceipt(ReceiptAdvanced receipt, UserId[] members, long origin)
    {
        UserId[] audience = IsBlockedBetween(members) ? [receipt.UserId] : members;
        Push(audience, origin, new Push([], origin, Receipt: receipt));
    }

    /// <summary>Before a push: later, which devices it can't have reached follows from it.</summary>
    public long Now => routes.Now;

    /// <summary>Once more, to those members to whom a device may have come since that moment.</summary>
    public void PushReceiptAgain(ReceiptAdvanced receipt, UserId[] members, long origin, long moment)
    {
        var missed = Array.FindAll(members, user => routes.HasChangedSince(user, moment));
        if (missed.Length == 0) return;
        if (IsBlockedBetween(members)) missed = Array.FindAll(missed, user => user == receipt.UserId);
        Push(missed, origin, new Push([], origin, Receipt: receipt));
    }

    /// <summary>The gateways read the conversation anew for those users and push it.</summary>
    public void PushChanged(ConversationId conversation, IReadOnlyList<UserId> users, long origin) =>
        Push(users, origin, new Push([], origin, Changed: conversation));

    private void Push(IReadOnlyList<UserId> users, long origin, Push push)
    {
        var audiences = new GatewayAudiences();
        List<UserId>? unknown = null;
        foreach (var user in users)
        {
            if (routes.Find(user) is not { } route)
            {
                (unknown ??= []).Add(user);
                continue;
            }

            foreach (var session in route.Sessions)
                if (session.Connection != origin) audiences.Add(session.Gateway, user);
        }

        foreach (var (gateway, audience) in audiences.All)
            gateways.Enqueue(gateway, push with { Users = [.. audience] });
        // A receipt is pushed again once it is durable, and must not be overtaken.
        if (unknown is not null && push.Receipt is null) PushOnceKnown(unknown, origin, push);
    }

    /// <summary>The silo that told where they are died during the commit; they may be elsewhere already.</summary>
    private async void PushOnceKnown(List<UserId> users, long origin, Push push)
    {
        try
        {
            await routes.EnsureAsync(users);
            Push(users, origin, push);
        }
        catch (Exception e)
        {
            // A member's grain is away. Its successor will not know his devices, and so tell them to resume.
            LogMembersAway(users.Count, e);
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
    private partial void LogMembersAway(int users, Exception exception);
}
