using Chat.Ids;
using MessagePack;
using MessagePack.Formatters;

namespace Chat.Gateway.Wire;

/// <summary>Ids as the contract's 32 hexadecimal digits, written straight into the buffer.</summary>
internal static class IdWriter
{
    // 32 bytes are one more than a short string's header can say.
    private const byte String8 = 0xD9;

    public static void WriteId(this ref MessagePackWriter writer, Guid id)
    {
        var span = writer.GetSpan(34);
        span[0] = String8;
        span[1] = 32;
        id.TryFormat(span[2..], out _, "N");
        writer.Advance(34);
    }

    /// <summary>The id of one entry, see <see cref="ConversationId.MessageId"/>.</summary>
    public static void WriteMessageId(this ref MessagePackWriter writer, ConversationId id, long seq)
    {
        var span = writer.GetSpan(2 + 32 + 1 + 20);
        span[0] = String8;
        id.Value.TryFormat(span[2..], out _, "N");
        span[34] = (byte)'-';
        seq.TryFormat(span[35..], out var digits);
        span[1] = (byte)(33 + digits);
        writer.Advance(35 + digits);
    }
}

internal sealed class UserIdFormatter : IMessagePackFormatter<UserId>
{
    public void Serialize(ref MessagePackWriter writer, UserId value, MessagePackSerializerOptions options) =>
        writer.WriteId(value.Value);

    public UserId Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        UserId.TryParse(reader.ReadString(), out var id)
            ? id
            : throw new MessagePackSerializationException("Not a user's id.");
}

internal sealed class ConversationIdFormatter : IMessagePackFormatter<ConversationId>
{
    public void Serialize(
        ref MessagePackWriter writer, ConversationId value, MessagePackSerializerOptions options) =>
        writer.WriteId(value.Value);

    public ConversationId Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        ConversationId.TryParse(reader.ReadString(), out var id)
            ? id
            : throw new MessagePackSerializationException("Not a conversation's id.");
}

/// <summary>Times as MessagePack's own timestamp; MessagePack-CSharp would write a pair with an offset.</summary>
internal sealed class TimeFormatter : IMessagePackFormatter<DateTimeOffset>
{
    public void Serialize(
        ref MessagePackWriter writer, DateTimeOffset value, MessagePackSerializerOptions options) =>
        writer.Write(value.UtcDateTime);

    public DateTimeOffset Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        new(reader.ReadDateTime());
}
