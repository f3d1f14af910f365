namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>
    /// Makes an invite. Its code is a secret that lets whoever holds it in. For admins and owners. Errors:
    /// <c>forbidden</c>, <c>invalid</c>.
    /// </summary>
    /// <param name="conversationId">The group.</param>
    /// <param name="expiresAfter">In whole seconds; null: it does not expire.</param>
    /// <param name="usesMax">How many may join by it; null: as many as the group takes.</param>
    /// <param name="cancellation">Ends the wait, not the call.</param>
    public Task<Invite> CreateInviteAsync(
        string conversationId,
        TimeSpan? expiresAfter = null,
        int? usesMax = null,
        CancellationToken cancellation = default) =>
        CallAsync<Invite>(
            HubMethods.CreateInvite,
            new CreateInviteRequest
            {
                ConversationId = conversationId,
                ExpiresAfterSeconds = Seconds(expiresAfter),
                UsesMax = usesMax,
            },
            cancellation);

    /// <summary>
    /// Joins a group; a member already stays one. Errors: <c>invite_not_found</c>, <c>group_full</c>.
    /// </summary>
    public Task<Conversation> JoinByInviteAsync(string code, CancellationToken cancellation = default) =>
        ChangeAsync(HubMethods.JoinByInvite, new InviteRequest { Code = code }, cancellation);

    /// <summary>
    /// Makes an invite void; who joined by it stays. For admins and owners. Errors: <c>invite_not_found</c>,
    /// <c>forbidden</c>.
    /// </summary>
    public Task RevokeInviteAsync(string conversationId, string code, CancellationToken cancellation = default) =>
        CallAsync<Nothing>(
            HubMethods.RevokeInvite,
            new InviteRequest { ConversationId = conversationId, Code = code },
            cancellation);
}
