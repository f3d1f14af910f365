using Chat.Refusals;
using MessagePack;
using MessagePack.Formatters;

namespace Chat.Gateway.Wire;

/// <summary>Reads one kind of <see cref="ClientRequest"/> from MessagePack.</summary>
internal sealed class RequestFormatter<T>(ChatLimits limits) : IMessagePackFormatter<T>
    where T : ClientRequest, new()
{
    public T Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        var fields = new FieldReader(reader, limits);
        var request = ClientRequest.Read<T>(ref fields);
        reader = fields.Pack;
        return request;
    }

    public void Serialize(ref MessagePackWriter writer, T value, MessagePackSerializerOptions options) =>
        throw new NotSupportedException("A server reads requests.");
}
