using Chat.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Groups;
using Chat.Gateway.Presence;
using Chat.Gateway.Receipts;
using Chat.Gateway.Sessions;
using Chat.Gateway.Users;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Receipts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Chat.Gateway.Conversations;

/// <summary>
/// The contract's hub: who calls, call, return. Holds no rules; <see cref="HubRefusalFilter"/> has turned away what
/// could not be read. Calls of one connection start in the order of their frames and run side by side, so each hands
/// its work over before it first waits.
/// </summary>
[Authorize]
internal sealed class ChatHub(
    SessionLeases leases, Sender sender, DirectConversations directs, MemberReads reads, ReceiptOutbox receipts,
    IGrainFactory grains, Blocks blocks, GroupCalls groups, Invites invites, Presences presences,
    TimeProvider time) : Hub
{
    private ClientConnection Caller => Context.Features.Get<ClientConnection>()!;

    public override async Task OnConnectedAsync()
    {
        if (await leases.TryAttachAsync(Caller, Context.ConnectionAborted)) presences.Come(Caller);
        else await Caller.CloseToReconnectAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        presences.Leave(Caller);
        return leases.DetachAsync(Caller);
    }

    public async Task<Conversation> OpenDirect(UserRequest request) =>
        (await directs.OpenAsync(Caller, request.UserId)).OrThrow();

    public async Task<SendAnswer> Send(SendRequest request) =>
        presences.AfterInput(Caller.User, await sender.SendAsync(Caller, request)).OrThrow();

    public async Task<Watermarks> MarkDelivered(MarkRequest request) =>
        (await receipts.MarkAsync(Caller, request.ConversationId, new Watermarks(request.Seq, 0))).OrThrow();

    public async Task<Watermarks> MarkRead(MarkRequest request) =>
        presences.AfterInput(
            Caller.User,
            await receipts.MarkAsync(Caller, request.ConversationId, new Watermarks(request.Seq, request.Seq)))
            .OrThrow();

    public async Task<ReceiptList> GetReceipts(GetReceiptsRequest request) =>
        (await grains.GetConversation(request.ConversationId).GetReceipts(Caller.User, request.Seq)).OrThrow();

    public async Task<ConversationPage> GetConversations(GetConversationsRequest request) =>
        (await reads.ListAsync(Caller.User, request.Cursor, request.Limit)).OrThrow();

    public async Task<MemberPage> GetMembers(GetMembersRequest request) =>
        (await reads.GetMembersAsync(Caller.User, request.ConversationId, request.Cursor, request.Limit)).OrThrow();

    public async Task<HistoryPage> GetHistory(GetHistoryRequest request) =>
        (await reads.GetHistoryAsync(Caller.User, request.ConversationId, request.Query)).OrThrow();

    public async Task<ResumeAnswer> Resume(ResumeRequest request)
    {
        await leases.ReadsAnewAsync(Caller);
        return await reads.ResumeAsync(Caller.User, request.Held);
    }

    public async Task<EmptyAnswer> Block(UserRequest request) =>
        (await blocks.SetAsync(Caller.User, request.UserId, blocked: true)).OrThrow();

    public async Task<EmptyAnswer> Unblock(UserRequest request) =>
        (await blocks.SetAsync(Caller.User, request.UserId, blocked: false)).OrThrow();

    public async Task<Conversation> CreateGroup(CreateGroupRequest request) =>
        (await groups.CreateAsync(Caller, request)).OrThrow();

    public async Task<Conversation> AddMembers(AddMembersRequest request) =>
        (await groups.AddAsync(Caller, request)).OrThrow();

    public async Task<Conversation> RemoveMember(RemoveMemberRequest request) =>
        (await groups.RemoveAsync(Caller, request)).OrThrow();

    public async Task<EmptyAnswer> Leave(ConversationRequest request) =>
        (await groups.LeaveAsync(Caller, request)).OrThrow();

    public async Task<Conversation> SetRole(SetRoleRequest request) =>
        (await groups.SetRoleAsync(Caller, request)).OrThrow();

    public async Task<Conversation> UpdateGroup(UpdateGroupRequest request) =>
        (await groups.UpdateAsync(Caller, request)).OrThrow();

    public async Task<InviteAnswer> CreateInvite(CreateInviteRequest request) =>
        (await invites.CreateAsync(Caller, request)).OrThrow();

    public async Task<Conversation> JoinByInvite(JoinByInviteRequest request) =>
        (await invites.JoinAsync(Caller, request)).OrThrow();

    public async Task<EmptyAnswer> RevokeInvite(RevokeInviteRequest request) =>
        (await invites.RevokeAsync(Caller, request)).OrThrow();

    public async Task<Conversation> SetMuted(SetMutedRequest request) =>
        (await groups.MuteAsync(Caller, request, time.GetUtcNow())).OrThrow();

    public async Task<PresenceList> Watch(WatchRequest request) =>
        (await presences.WatchAsync(Caller, request)).OrThrow();

    public EmptyAnswer Unwatch(UnwatchRequest request) => presences.Unwatch(Caller, request);

    public EmptyAnswer ReportActivity(EmptyRequest request) => presences.ReportActivity(Caller);

    public async Task<EmptyAnswer> SetTyping(TypingRequest request) =>
        presences.AfterInput(Caller.User, await presences.SetTypingAsync(Caller, request)).OrThrow();

    public async Task<PrivacyAnswer> SetPrivacy(PrivacyRequest request) =>
        PrivacyAnswer.Of(await grains.GetUser(Caller.User).SetPrivacy(request.Change));
}
