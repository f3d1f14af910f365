using Chat.Ids;
using MessagePack;
using MessagePack.Formatters;

namespace Chat.Gateway.Wire;

// Public because MessagePack-CSharp writes formatters at run time, which may not see what is internal.

/// <summary><c>{}</c>: done, and there is nothing to say.</summary>
public sealed record EmptyAnswer
{
    public static readonly EmptyAnswer Instance = new();
}

/// <summary>Answer of <c>CreateInvite</c>: the code is told this once.</summary>
[MessagePackObject]
public sealed record InviteAnswer(
    [property: Key("conversationId")] ConversationId ConversationId,
    [property: Key("code")] string Code,
    [property: Key("createdAt")] DateTimeOffset CreatedAt,
    [property: Key("expiresAt")] DateTimeOffset? ExpiresAt,
    [property: Key("usesMax")] int? UsesMax);

/// <summary>Pushed: hints were dropped on the way; call <c>Resume</c>.</summary>
[MessagePackObject]
public sealed record ResyncRequired([property: Key("conversationId")] ConversationId? ConversationId = null);

/// <summary>Pushed: this gateway is going away.</summary>
[MessagePackObject]
public sealed record Draining([property: Key("reconnectAfterMs")] int ReconnectAfterMs);

internal sealed class EmptyAnswerFormatter : IMessagePackFormatter<EmptyAnswer?>
{
    public void Serialize(ref MessagePackWriter writer, EmptyAnswer? value, MessagePackSerializerOptions options) =>
        writer.WriteMapHeader(0);

    public EmptyAnswer Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        reader.Skip();
        return EmptyAnswer.Instance;
    }
}
