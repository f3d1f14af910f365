using Chat.Conversations;
using Chat.Gateway.Receipts;
using Chat.Ids;
using Chat.Refusals;
using Chat.Storage;

namespace Chat.Gateway.Conversations;

/// <summary>
/// What a member reads, straight from the store and shared by hub and REST. His own marks are made durable first, so
/// that he sees what he marked. A read is not cancelled with its caller: others may travel in the same query.
/// </summary>
internal sealed class MemberReads(IConversationReader reader, ReceiptOutbox receipts)
{
    private static readonly Refusal UnknownCursor = Refusal.Invalid("cursor was not given out here.");

    public async Task<Answer<ConversationPage>> ListAsync(UserId user, string? cursor, int limit)
    {
        await receipts.FlushAsync(user);
        try
        {
            return await reader.ListAsync(user, cursor, limit, CancellationToken.None);
        }
        catch (FormatException)
        {
            return UnknownCursor;
        }
    }

    public async Task<Answer<MemberPage>> GetMembersAsync(UserId user, ConversationId id, string? cursor, int limit)
    {
        await receipts.FlushAsync(user);
        try
        {
            return await reader.GetMembersAsync(user, id, cursor, limit, CancellationToken.None) is { } page
                ? page
                : await WhyNotAsync(id);
        }
        catch (FormatException)
        {
            return UnknownCursor;
        }
    }

    public async Task<Answer<HistoryPage>> GetHistoryAsync(UserId user, ConversationId id, HistoryQuery query) =>
        await reader.GetHistoryAsync(user, id, query, CancellationToken.None) is { } page
            ? page
            : await WhyNotAsync(id);

    public async Task<ResumeAnswer> ResumeAsync(UserId user, IReadOnlyList<HeldConversation> held)
    {
        await receipts.FlushAsync(user);
        return await reader.ResumeAsync(user, held, CancellationToken.None);
    }

    private async Task<Refusal> WhyNotAsync(ConversationId id) =>
        await reader.ExistsAsync(id, CancellationToken.None) ? Refusal.NotAMember : Refusal.ConversationNotFound;
}
