using MessagePack;
using MessagePack.Formatters;

namespace Chat.Client;

/// <summary>
/// The empty map, whatever a newer server may put into it. Generated code would write an empty array.
/// </summary>
internal sealed class NothingFormatter : IMessagePackFormatter<Nothing?>
{
    public static readonly NothingFormatter Instance = new();

    public void Serialize(ref MessagePackWriter writer, Nothing? value, MessagePackSerializerOptions options) =>
        writer.WriteMapHeader(0);

    public Nothing Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        reader.Skip();
        return Nothing.Value;
    }
}
