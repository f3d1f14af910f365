using Chat.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Receipts;
using Chat.Ids;
using Chat.Refusals;
using Chat.Storage;

namespace Chat.Gateway.Conversations;

/// <summary>Opens the conversation of two users: the same one, whoever asks.</summary>
internal sealed class DirectConversations(
    IGrainFactory grains, DirectIds ids, IAccountStore accounts, IConversationReader reader, ReceiptOutbox receipts)
{
    public async Task<Answer<Conversation>> OpenAsync(ClientConnection caller, UserId otherId)
    {
        if (await accounts.GetAsync(otherId, CancellationToken.None) is null) return Refusal.UserNotFound;
        var id = ids.Of(caller.User, otherId);
        var opened = await grains.GetConversation(id).OpenDirect(caller.User, otherId, caller.Key);
        if (opened.Refusal is { } refusal) return refusal;
        await receipts.FlushAsync(caller.User);
        return await reader.GetAsync(caller.User, id, CancellationToken.None) is { } conversation
            ? conversation
            : Refusal.ConversationNotFound;
    }
}
