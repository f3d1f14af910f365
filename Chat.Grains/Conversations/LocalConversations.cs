using System.Collections.Concurrent;
using Chat.Ids;

namespace Chat.Conversations;

/// <summary>
/// The conversations that are open on this silo. Each enters when it has opened and leaves when it closes.
/// </summary>
internal sealed class LocalConversations
{
    private readonly ConcurrentDictionary<ConversationId, OpenConversation> _open = new();

    public void Enter(ConversationId id, OpenConversation conversation) => _open[id] = conversation;

    public void Leave(ConversationId id) => _open.TryRemove(id, out _);

    /// <returns>Null: not open here.</returns>
    public OpenConversation? Find(ConversationId id) => _open.GetValueOrDefault(id);
}
