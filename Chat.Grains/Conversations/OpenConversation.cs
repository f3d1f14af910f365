using System.Runtime.CompilerServices;
using Chat.Delivery;
using Chat.Ids;
using Chat.Receipts;

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

    /// <summary>Nor has a mark: the store is not to be asked who hides his reading.</summary>
    public bool IsReadyForMarks => IsReady && audience.Hiding.IsKnown;

    /// <returns>Null: it has closed before the call's turn came.</returns>
    public Task<TAnswer?> CallAsync<TItem, TAnswer>(TItem item, Func<ConversationGrain, TItem, Task<TAnswer>> call)
        where TAnswer : class => turns.RunAsync(() => call(grain, item));

    /// <returns>False: it has closed, or he is no longer the member whose receipt that is.</returns>
    public async Task<bool> PushAgainAsync(UserId user, MemberProgress progress)
    {
        var done = await turns.RunAsync(
            async () => new StrongBox<bool>(await grain.PushAgainAsync(user, progress)));
        return done is { Value: true };
    }
}
