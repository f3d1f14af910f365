using Chat.Ids;
using MessagePack;

namespace Chat.Conversations;

/// <summary>Answer of <c>GetConversations</c>, newest activity first.</summary>
[MessagePackObject]
public sealed record ConversationPage(
    [property: Key("conversations")] IReadOnlyList<Conversation> Conversations,
    [property: Key("nextCursor")] string? NextCursor);

/// <summary>Answer of <c>GetMembers</c>.</summary>
[MessagePackObject]
public sealed record MemberPage(
    [property: Key("members")] IReadOnlyList<Member> Members,
    [property: Key("nextCursor")] string? NextCursor);

/// <summary>Answer of <c>GetHistory</c>, ascending by <c>seq</c>.</summary>
/// <param name="Gone">What lies in the page's range and is not to be had.</param>
/// <param name="HasMore">There is more in the direction asked.</param>
[MessagePackObject]
public sealed record HistoryPage(
    [property: Key("messages")] IReadOnlyList<Message> Messages,
    [property: Key("gone")] IReadOnlyList<GoneRange>? Gone,
    [property: Key("hasMore")] bool HasMore);

/// <summary>Which page of a conversation: at most one of the three places is set; none means the newest page.</summary>
/// <param name="Limit">Messages, 1 to <c>HistoryPage</c>.</param>
public sealed record HistoryQuery(long? Before, long? After, long? Around, int Limit);

/// <summary>What a device holds of one conversation.</summary>
/// <param name="Seq">Everything up to here.</param>
/// <param name="Version">The version that it last saw, if any.</param>
public sealed record HeldConversation(ConversationId ConversationId, long Seq, string? Version);

/// <summary>Answer of <c>Resume</c>: all that the device lacks.</summary>
/// <param name="Truncated">Too far behind to be answered here: page them with <c>GetHistory</c>.</param>
[MessagePackObject]
public sealed record ResumeAnswer(
    [property: Key("conversations")] IReadOnlyList<Conversation> Conversations,
    [property: Key("messages")] IReadOnlyList<Message> Messages,
    [property: Key("gone")] IReadOnlyList<GoneInConversation>? Gone,
    [property: Key("truncated")] IReadOnlyList<ConversationId> Truncated)
{
    public const int MessagesMax = 2_000;
}

/// <summary>A range of one conversation that is not to be had.</summary>
[MessagePackObject]
public sealed record GoneInConversation(
    [property: Key("conversationId")] ConversationId ConversationId,
    [property: Key("fromSeq")] long FromSeq,
    [property: Key("toSeq")] long ToSeq);
