using Chat.Conversations;
using Chat.Ids;

namespace Chat.Groups;

/// <summary>A group that is about to be made, with the first entry of its log.</summary>
/// <param name="CreatorId">Its owner, and the sender of the first entry.</param>
/// <param name="MemberIds">The other founders.</param>
/// <param name="FirstEntry">Says that it was created.</param>
public sealed record NewGroup(
    ConversationId Id,
    UserId CreatorId,
    IReadOnlyList<UserId> MemberIds,
    GroupSettings Settings,
    Content FirstEntry,
    DateTimeOffset CreatedAt);
