using Chat.Delivery;

namespace Chat.Conversations;

/// <summary>An open conversation, as the intake of its silo sees it.</summary>
/// <param name="hasRoom">Whether its gateways take what it sends as fast as it comes.</param>
internal sealed class OpenConversation(
    ConversationGrain grain, ActivationTurns turns, Audience audience, Func<bool> hasRoom)
{
    /// <summary>A call has to wait for nothing.</summary>
    public bool IsReady => !turns.HasClosed && audience.IsReady;

    /// <summary>Nor has a send.</summary>
    public bool IsReadyForSends => IsReady && hasRoom();

    /// <returns>Null: it has closed before the call's turn came.</returns>
    public Task<TAnswer?> CallAsync<TItem, TAnswer>(TItem item, Func<ConversationGrain, TItem, Task<TAnswer>> call)
        where TAnswer : class => turns.RunAsync(() => call(grain, item));
}
