using System.Collections.Concurrent;
using Chat.Delivery;
using Chat.Ids;

namespace Chat.Conversations;

/// <summary>
/// The conversations that are open on this silo and can take a send at once. Each enters when it has opened and leaves
/// when it closes; one whose members' routes are not all known is not ready.
/// </summary>
internal sealed class LocalConversations(RouteTable routes)
{
    private readonly ConcurrentDictionary<ConversationId, UserId[]> _members = new();

    public void Enter(ConversationId id, UserId[] members) => _members[id] = members;

    public void Leave(ConversationId id) => _members.TryRemove(id, out _);

    public bool IsReady(ConversationId id) =>
        _members.TryGetValue(id, out var members) && routes.KnowsAll(members);
}
