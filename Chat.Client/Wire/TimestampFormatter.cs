using System.Globalization;
using MessagePack;
using MessagePack.Formatters;

namespace Chat.Client;

/// <summary>
/// Times as MessagePack's own timestamp extension, UTC; RFC 3339 text is read as well. MessagePack-CSharp's stock
/// formatter would want an array of ticks and offset.
/// </summary>
internal sealed class TimestampFormatter : IMessagePackFormatter<DateTimeOffset>
{
    public static readonly TimestampFormatter Instance = new();

    public void Serialize(ref MessagePackWriter writer, DateTimeOffset value, MessagePackSerializerOptions options) =>
        writer.Write(value.UtcDateTime);

    public DateTimeOffset Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        reader.NextMessagePackType == MessagePackType.String
            ? DateTimeOffset.Parse(
                reader.ReadString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : new DateTimeOffset(reader.ReadDateTime());
}
