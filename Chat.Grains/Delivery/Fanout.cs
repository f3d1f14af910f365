using Chat.Conversations;
using Chat.Ids;
using Chat.Receipts;

namespace Chat.Delivery;

/// <summary>
/// Hop 4: from a conversation's members to the gateways that hold their connections. An offline member costs nothing; a
/// gateway gets one push, however many of its users are meant. Never waits.
/// </summary>
internal sealed class Fanout(RouteTable routes, GatewayLanes gateways)
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

    /// <summary>The gateways read the conversation anew for those users and push it.</summary>
    public void PushChanged(ConversationId conversation, IReadOnlyList<UserId> users, long origin) =>
        Push(users, origin, new Push([], origin, Changed: conversation));

    private void Push(IReadOnlyList<UserId> users, long origin, Push push)
    {
        var audiences = new GatewayAudiences();
        foreach (var user in users)
        {
            if (routes.Find(user) is not { } route) continue;
            foreach (var session in route.Sessions)
                if (session.Connection != origin) audiences.Add(session.Gateway, user);
        }

        foreach (var (gateway, audience) in audiences.All)
            gateways.Enqueue(gateway, push with { Users = [.. audience] });
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
}
