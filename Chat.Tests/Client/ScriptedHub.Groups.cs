using Chat.Client;
using Microsoft.AspNetCore.SignalR;

namespace Chat.Tests.Client;

internal sealed partial class ScriptedHub
{
    public Task<Conversation> CreateGroup(CreateGroupRequest request) => ChangeAsync(SystemEvents.Created, request);

    public Task<Conversation> AddMembers(AddMembersRequest request) => ChangeAsync(SystemEvents.MembersAdded, request);

    public Task<Conversation> RemoveMember(MemberRequest request) => ChangeAsync(SystemEvents.MemberRemoved, request);

    public Task<Conversation> SetRole(MemberRequest request) => ChangeAsync(SystemEvents.RoleChanged, request);

    public Task<Conversation> UpdateGroup(UpdateGroupRequest request) =>
        ChangeAsync(SystemEvents.TitleChanged, request);

    public Task<Conversation> JoinByInvite(InviteRequest request) => ChangeAsync(SystemEvents.MemberJoined, request);

    public async Task<Nothing> Leave(ConversationRequest request)
    {
        await ChangeAsync(SystemEvents.MemberLeft, request);
        return Nothing.Value;
    }

    public Conversation SetMuted(SetMutedRequest request)
    {
        log.Asked.Record(request);
        return log.Conversation() with { MutedUntil = DateTimeOffset.UnixEpoch.AddSeconds(request.ForSeconds ?? 0) };
    }

    public Invite CreateInvite(CreateInviteRequest request)
    {
        log.Asked.Record(request);
        return new Invite { ConversationId = request.ConversationId!, Code = "secret", UsesMax = request.UsesMax };
    }

    public Nothing RevokeInvite(InviteRequest request)
    {
        log.Asked.Record(request);
        return Nothing.Value;
    }

    /// <summary>As a gateway does: the entry goes to everybody but the connection that caused it.</summary>
    private async Task<Conversation> ChangeAsync(string @event, object request)
    {
        log.Asked.Record(request);
        var content = new Content { Kind = ContentKinds.System, Event = @event, ActorId = UserId };
        await Clients.Others.SendAsync("MessageAppended", log.Append(UserId, content));
        return log.Conversation();
    }
}
