using System.Text.Json;
using System.Text.Json.Serialization;
using Chat.Refusals;

namespace Chat.Gateway.Wire;

/// <summary>Reads every kind of <see cref="ClientRequest"/> from JSON.</summary>
internal sealed class RequestConverters(ChatLimits limits) : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsSubclassOf(typeof(ClientRequest));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(
            typeof(RequestConverter<>).MakeGenericType(typeToConvert), limits)!;
}

internal sealed class RequestConverter<T>(ChatLimits limits) : JsonConverter<T>
    where T : ClientRequest, new()
{
    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var fields = new FieldReader(reader, limits);
        var request = ClientRequest.Read<T>(ref fields);
        reader = fields.Json;
        return request;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A server reads requests.");
}
