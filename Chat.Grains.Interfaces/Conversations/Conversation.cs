using Chat.Ids;
using MessagePack;

namespace Chat.Conversations;

/// <summary>A conversation as one of its members sees it. Read from the store, never kept in a grain.</summary>
/// <param name="Kind"><c>direct</c> or <c>group</c>.</param>
/// <param name="Members">All of them, up to 256; beyond that, page with <c>GetMembers</c>.</param>
/// <param name="Version">Opaque; changes with anything that this member sees.</param>
/// <param name="Unread">Texts and pictures of others after <paramref name="ReadSeq"/> that are still there.</param>
/// <param name="MemberCount">Those who are members now.</param>
/// <param name="JoinedSeq">The first entry that this member may read.</param>
/// <param name="LeftSeq">The last entry that this member may read, once he has left.</param>
/// <param name="PictureMediaId">A group's picture.</param>
/// <param name="Role">This member's own, in a group: <c>owner</c>, <c>admin</c> or <c>member</c>.</param>
/// <param name="MutedUntil">Until when he wants to hear nothing; he alone sees it.</param>
[MessagePackObject]
public sealed record Conversation(
    [property: Key("conversationId")] ConversationId ConversationId,
    [property: Key("kind")] string Kind,
    [property: Key("title")] string? Title,
    [property: Key("memberCount")] int MemberCount,
    [property: Key("members")] IReadOnlyList<Member>? Members,
    [property: Key("lastSeq")] long LastSeq,
    [property: Key("lastMessage")] Message? LastMessage,
    [property: Key("version")] string Version,
    [property: Key("unread")] long Unread,
    [property: Key("readSeq")] long ReadSeq,
    [property: Key("deliveredSeq")] long DeliveredSeq,
    [property: Key("retention")] Retention Retention,
    [property: Key("historyVisibility")] string? HistoryVisibility,
    [property: Key("onlyAdminsSend")] bool? OnlyAdminsSend,
    [property: Key("joinedSeq")] long JoinedSeq,
    [property: Key("leftSeq")] long? LeftSeq,
    [property: Key("description")] string? Description = null,
    [property: Key("pictureMediaId")] string? PictureMediaId = null,
    [property: Key("role")] string? Role = null,
    [property: Key("mutedUntil")] DateTimeOffset? MutedUntil = null)
{
    public const int MembersShownMax = 256;
}

/// <summary>A member as the others see him.</summary>
/// <param name="Role"><c>owner</c>, <c>admin</c> or <c>member</c>.</param>
/// <param name="DeliveredSeq">0 across a block.</param>
/// <param name="ReadSeq">Absent where the member hides it from this reader.</param>
[MessagePackObject]
public sealed record Member(
    [property: Key("userId")] UserId UserId,
    [property: Key("role")] string Role,
    [property: Key("deliveredSeq")] long DeliveredSeq,
    [property: Key("readSeq")] long? ReadSeq);
