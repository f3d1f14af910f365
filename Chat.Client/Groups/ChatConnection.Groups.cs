namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>
    /// Makes a group with the caller as its owner. Its first entry says so. Errors: <c>group_full</c>,
    /// <c>user_not_found</c>, <c>invalid</c>.
    /// </summary>
    public Task<Conversation> CreateGroupAsync(CreateGroupRequest group, CancellationToken cancellation = default) =>
        ChangeAsync(HubMethods.CreateGroup, group, cancellation);

    /// <summary>
    /// Lets users in; members already are passed over. For admins and owners. Errors: <c>forbidden</c>,
    /// <c>group_full</c>, <c>user_not_found</c>.
    /// </summary>
    public Task<Conversation> AddMembersAsync(
        string conversationId, IReadOnlyList<string> userIds, CancellationToken cancellation = default) =>
        ChangeAsync(
            HubMethods.AddMembers,
            new AddMembersRequest { ConversationId = conversationId, UserIds = userIds },
            cancellation);

    /// <summary>
    /// Puts a member out; he may read up to the entry that says so. Errors: <c>forbidden</c>, <c>last_owner</c>,
    /// <c>user_not_found</c>.
    /// </summary>
    public Task<Conversation> RemoveMemberAsync(
        string conversationId, string userId, CancellationToken cancellation = default) =>
        ChangeAsync(
            HubMethods.RemoveMember,
            new MemberRequest { ConversationId = conversationId, UserId = userId },
            cancellation);

    /// <summary>Leaves a group; what was readable stays so. Errors: <c>last_owner</c>, <c>not_a_member</c>.</summary>
    public async Task LeaveAsync(string conversationId, CancellationToken cancellation = default)
    {
        var request = new ConversationRequest { ConversationId = conversationId };
        await CallAsync<Nothing>(HubMethods.Leave, request, cancellation).ConfigureAwait(false);
        // The answer does not name the entry that says so, and nothing that follows would show a gap.
        Resync();
    }

    /// <summary>
    /// Gives one of <see cref="Roles"/>; for owners. Errors: <c>forbidden</c>, <c>last_owner</c>, <c>invalid</c>.
    /// </summary>
    public Task<Conversation> SetRoleAsync(
        string conversationId, string userId, string role, CancellationToken cancellation = default) =>
        ChangeAsync(
            HubMethods.SetRole,
            new MemberRequest { ConversationId = conversationId, UserId = userId, Role = role },
            cancellation);

    /// <summary>
    /// Changes a group's settings; absent ones stay. For admins and owners. Errors: <c>forbidden</c>, <c>invalid</c>.
    /// </summary>
    public Task<Conversation> UpdateGroupAsync(UpdateGroupRequest update, CancellationToken cancellation = default) =>
        ChangeAsync(HubMethods.UpdateGroup, update, cancellation);

    /// <summary>
    /// Wants no notification of a conversation; for the caller alone. Messages come as before. Errors:
    /// <c>not_a_member</c>.
    /// </summary>
    /// <param name="conversationId">Which.</param>
    /// <param name="muteFor">For how long from now, in whole seconds; null: not any more.</param>
    /// <param name="cancellation">Ends the wait, not the call.</param>
    public Task<Conversation> SetMutedAsync(
        string conversationId, TimeSpan? muteFor, CancellationToken cancellation = default) =>
        ChangeAsync(
            HubMethods.SetMuted,
            new SetMutedRequest { ConversationId = conversationId, ForSeconds = Seconds(muteFor) },
            cancellation);

    private static int? Seconds(TimeSpan? time) =>
        time is { } given ? (int)Math.Min(int.MaxValue, Math.Ceiling(given.TotalSeconds)) : null;
}
