namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>
    /// The direct conversation with somebody, made if there is none; the same for both. With oneself: a notebook.
    /// Errors: <c>user_not_found</c>.
    /// </summary>
    public Task<Conversation> OpenDirectAsync(string userId, CancellationToken cancellation = default) =>
        ChangeAsync(HubMethods.OpenDirect, new UserRequest { UserId = userId }, cancellation);

    /// <summary>A page of the caller's conversations, newest activity first.</summary>
    public Task<ConversationPage> GetConversationsAsync(
        string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        CallAsync<ConversationPage>(
            HubMethods.GetConversations, new PageRequest { Cursor = cursor, Limit = limit }, cancellation);

    /// <summary>A page of a conversation's members. Errors: <c>not_a_member</c>.</summary>
    public Task<MemberPage> GetMembersAsync(
        string conversationId, string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        CallAsync<MemberPage>(
            HubMethods.GetMembers,
            new PageRequest { ConversationId = conversationId, Cursor = cursor, Limit = limit },
            cancellation);

    /// <summary>
    /// How long messages sent from now on are kept. Not served yet: a gateway of today knows no such method, which is
    /// <c>internal</c>, and everything is kept.
    /// </summary>
    public Task<Conversation> SetRetentionAsync(
        string conversationId, Retention retention, CancellationToken cancellation = default) =>
        ChangeAsync(
            HubMethods.SetRetention,
            new SetRetentionRequest { ConversationId = conversationId, Retention = retention },
            cancellation);
}
