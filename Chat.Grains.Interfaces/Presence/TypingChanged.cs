using Chat.Ids;
using MessagePack;

namespace Chat.Presence;

/// <summary>Pushed: a member began or ended typing. It ends by itself, too.</summary>
[GenerateSerializer, Immutable, Alias("chat.typing-changed"), MessagePackObject]
public sealed record TypingChanged(
    [property: Id(0), Key("conversationId")] ConversationId ConversationId,
    [property: Id(1), Key("userId")] UserId UserId,
    [property: Id(2), Key("typing")] bool Typing);
