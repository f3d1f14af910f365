using Chat.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Receipts;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Refusals;
using Chat.Storage;

namespace Chat.Gateway.Groups;

/// <summary>Takes a device's group commands to the group; answers with the conversation as he sees it.</summary>
internal sealed class GroupCalls(
    IGrainFactory grains, IAccountStore accounts, IConversationReader reader, ReceiptOutbox receipts)
{
    public async Task<Answer<Conversation>> CreateAsync(ClientConnection caller, CreateGroupRequest request)
    {
        if (!await accounts.AllExistAsync(request.MemberIds, CancellationToken.None)) return Refusal.UserNotFound;
        var id = new ConversationId(Guid.NewGuid());
        var refusal = await grains.GetGroup(id).Create(caller.User, request.MemberIds, request.Settings, caller.Key);
        return await ShowAsync(caller, id, refusal);
    }

    public async Task<Answer<Conversation>> AddAsync(ClientConnection caller, AddMembersRequest request)
    {
        if (!await accounts.AllExistAsync(request.UserIds, CancellationToken.None)) return Refusal.UserNotFound;
        var group = grains.GetGroup(request.ConversationId);
        return await ShowAsync(
            caller, request.ConversationId, await group.AddMembers(caller.User, request.UserIds, caller.Key));
    }

    public async Task<Answer<Conversation>> RemoveAsync(ClientConnection caller, RemoveMemberRequest request)
    {
        var group = grains.GetGroup(request.ConversationId);
        return await ShowAsync(
            caller, request.ConversationId, await group.RemoveMember(caller.User, request.UserId, caller.Key));
    }

    public async Task<Answer<EmptyAnswer>> LeaveAsync(ClientConnection caller, ConversationRequest request) =>
        await grains.GetGroup(request.ConversationId).Leave(caller.User, caller.Key) is { } refusal
            ? refusal
            : EmptyAnswer.Instance;

    public async Task<Answer<Conversation>> SetRoleAsync(ClientConnection caller, SetRoleRequest request)
    {
        var group = grains.GetGroup(request.ConversationId);
        return await ShowAsync(
            caller,
            request.ConversationId,
            await group.SetRole(caller.User, request.UserId, request.Role, caller.Key));
    }

    public async Task<Answer<Conversation>> UpdateAsync(ClientConnection caller, UpdateGroupRequest request)
    {
        var group = grains.GetGroup(request.ConversationId);
        return await ShowAsync(
            caller, request.ConversationId, await group.Update(caller.User, request.Update, caller.Key));
    }

    public async Task<Answer<Conversation>> MuteAsync(
        ClientConnection caller, SetMutedRequest request, DateTimeOffset now)
    {
        var group = grains.GetGroup(request.ConversationId);
        return await ShowAsync(
            caller, request.ConversationId, await group.Mute(caller.User, now + request.For, caller.Key));
    }

    /// <summary>A removed member's own marks count for what he sees, too: they are made durable first.</summary>
    public async Task<Answer<Conversation>> ShowAsync(ClientConnection caller, ConversationId id, Refusal? refusal)
    {
        if (refusal is not null) return refusal;
        await receipts.FlushAsync(caller.User);
        try
        {
            return await reader.GetAsync(caller.User, id, CancellationToken.None) is { } conversation
                ? conversation
                : Refusal.ConversationNotFound;
        }
        catch (StoreBusyException)
        {
            // What he asked for is done: "busy" would deny it, and a group be made twice. His devices learn by a push.
            return Refusal.Unavailable;
        }
    }
}
