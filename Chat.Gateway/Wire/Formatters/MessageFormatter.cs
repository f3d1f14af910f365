using Chat.Conversations;
using MessagePack;
using MessagePack.Formatters;

namespace Chat.Gateway.Wire;

/// <summary>A message as a map that has only the fields which are there.</summary>
internal sealed class MessageFormatter : IMessagePackFormatter<Message?>
{
    private const int FieldsAlways = 6;

    public void Serialize(ref MessagePackWriter writer, Message? value, MessagePackSerializerOptions options)
    {
        if (value is null)
            writer.WriteNil();
        else
            Write(ref writer, value, options);
    }

    public Message Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        throw new NotSupportedException("A server writes messages.");

    public static void Write(ref MessagePackWriter writer, Message message, MessagePackSerializerOptions options)
    {
        writer.WriteMapHeader(
            FieldsAlways
            + (message.ClientMessageId is null ? 0 : 1)
            + (message.ExpiresAt is null ? 0 : 1)
            + (message.EditedAt is null ? 0 : 1)
            + (message.Reactions is null ? 0 : 1));
        writer.WriteString("conversationId"u8);
        writer.WriteId(message.ConversationId.Value);
        writer.WriteString("seq"u8);
        writer.Write(message.Seq);
        writer.WriteString("messageId"u8);
        writer.WriteMessageId(message.ConversationId, message.Seq);
        if (message.ClientMessageId is { } clientMessageId)
        {
            writer.WriteString("clientMessageId"u8);
            writer.Write(clientMessageId);
        }
        writer.WriteString("senderId"u8);
        writer.WriteId(message.SenderId.Value);
        writer.WriteString("sentAt"u8);
        writer.Write(message.SentAt.UtcDateTime);
        writer.WriteString("content"u8);
        ContentFormatter.Write(ref writer, message.Content, options);
        if (message.ExpiresAt is { } expiresAt)
        {
            writer.WriteString("expiresAt"u8);
            writer.Write(expiresAt.UtcDateTime);
        }
        if (message.EditedAt is { } editedAt)
        {
            writer.WriteString("editedAt"u8);
            writer.Write(editedAt.UtcDateTime);
        }
        if (message.Reactions is { } reactions)
        {
            writer.WriteString("reactions"u8);
            writer.WriteArrayHeader(reactions.Count);
            foreach (var reaction in reactions)
                options.Resolver.GetFormatterWithVerify<Reaction>().Serialize(ref writer, reaction, options);
        }
    }
}
