using System.Collections.Concurrent;
using Chat.Delivery;
using Chat.Ids;

namespace Chat.Conversations;

/// <summary>
/// The conversations that are open on this silo and can take a send at once. Each enters when it has opened and leaves
/// when it closes; one whose members' routes are not all known is not ready.
/// </summary>
internal sealed class LocalConversations
{
    private readonly ConcurrentDictionary<ConversationId, Open> _open = new();

    private sealed record Open(IConversationGrain Grain, Audience Audience);

    public void Enter(ConversationId id, IConversationGrain grain, Audience audience) =>
        _open[id] = new Open(grain, audience);

    public void Leave(ConversationId id) => _open.TryRemove(id, out _);

    /// <returns>Null: not open here, or not ready.</returns>
    public IConversationGrain? FindReady(ConversationId id) =>
        _open.TryGetValue(id, out var open) && open.Audience.IsReady ? open.Grain : null;
}
