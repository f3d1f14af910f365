namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>Makes a group with the caller as its owner. Errors: <c>group_full</c>, <c>user_not_found</c>.</summary>
    public Task<Conversation> CreateGroupAsync(CreateGroupRequest group, CancellationToken cancellation = default) =>
        ChangeAsync(HubMethods.CreateGroup, group, cancellation);

    /// <summary>Lets users in. Errors: <c>forbidden</c>, <c>group_full</c>, <c>user_not_found</c>.</summary>
    public Task<Conversation> AddMembersAsync(
        string conversationId, IReadOnlyList<string> userIds, CancellationToken cancellation = default) =>
        ChangeAsync(
            HubMethods.AddMembers,
            new AddMembersRequest { ConversationId = conversationId, UserIds = userIds },
            cancellation);

    /// <summary>Puts a member out. Errors: <c>forbidden</c>, <c>last_owner</c>.</summary>
    public Task<Conversation> RemoveMemberAsync(
        string conversationId, string userId, CancellationToken cancellation = default) =>
        ChangeAsync(
            HubMethods.RemoveMember,
            new MemberRequest { ConversationId = conversationId, UserId = userId },
            cancellation);

    /// <summary>Leaves a group. Errors: <c>last_owner</c>.</summary>
    public Task LeaveAsync(string conversationId, CancellationToken cancellation = default) =>
        CallAsync<Nothing>(
            HubMethods.Leave, new ConversationRequest { ConversationId = conversationId }, cancellation);

    /// <summary>
    /// Gives a role: <c>owner</c>, <c>admin</c> or <c>member</c>. Errors: <c>forbidden</c>, <c>last_owner</c>.
    /// </summary>
    public Task<Conversation> SetRoleAsync(
        string conversationId, string userId, string role, CancellationToken cancellation = default) =>
        ChangeAsync(
            HubMethods.SetRole,
            new MemberRequest { ConversationId = conversationId, UserId = userId, Role = role },
            cancellation);

    /// <summary>Changes a group's settings; absent ones stay. Errors: <c>forbidden</c>.</summary>
    public Task<Conversation> UpdateGroupAsync(UpdateGroupRequest update, CancellationToken cancellation = default) =>
        ChangeAsync(HubMethods.UpdateGroup, update, cancellation);
}
