using Chat.Conversations;
using Chat.Ids;

namespace Chat.Storage;

/// <summary>
/// What a member may read, straight from the store: gateways call it and no grain is activated. Membership is checked
/// here, in the query. Requests that arrive while others run travel in one query (many users reconnect at once).
/// </summary>
public interface IConversationReader
{
    /// <summary>The conversation as this member sees it; null: he is no member, or it does not exist.</summary>
    Task<Conversation?> GetAsync(UserId userId, ConversationId id, CancellationToken cancel);

    /// <summary>Whether there is such a conversation at all: tells "not a member" from "not found".</summary>
    Task<bool> ExistsAsync(ConversationId id, CancellationToken cancel);

    /// <param name="cursor">The last page's <c>nextCursor</c>; an unknown form is null's first page's refusal.</param>
    /// <exception cref="FormatException">The cursor was not given out by us.</exception>
    Task<ConversationPage> ListAsync(UserId userId, string? cursor, int limit, CancellationToken cancel);

    /// <returns>Null: not a member.</returns>
    /// <exception cref="FormatException">The cursor was not given out by us.</exception>
    Task<MemberPage?> GetMembersAsync(
        UserId userId, ConversationId id, string? cursor, int limit, CancellationToken cancel);

    /// <returns>Null: not a member.</returns>
    Task<HistoryPage?> GetHistoryAsync(
        UserId userId, ConversationId id, HistoryQuery query, CancellationToken cancel);

    /// <summary>All that a device lacks, see the contract's <c>Resume</c>.</summary>
    Task<ResumeAnswer> ResumeAsync(
        UserId userId, IReadOnlyList<HeldConversation> held, CancellationToken cancel);
}
