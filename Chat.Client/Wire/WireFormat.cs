using System.Text.Json;
using System.Text.Json.Serialization;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Chat.Client;

/// <summary>
/// The two encodings of the contract, camelCase both. Shared by all connections of the process; stateless.
/// Unknown fields are passed over, an absent field and a nil one are the same.
/// </summary>
public static class WireFormat
{
    /// <summary>REST and the JSON hub protocol.</summary>
    public static JsonSerializerOptions Json { get; } = ReadOnly(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    /// <summary>The MessagePack hub protocol: string-keyed maps, times as timestamps.</summary>
    public static MessagePackSerializerOptions MessagePack { get; } = MessagePackSerializerOptions.Standard
        .WithResolver(CompositeResolver.Create(
            [
                TimestampFormatter.Instance,
                new StaticNullableFormatter<DateTimeOffset>(TimestampFormatter.Instance),
                NothingFormatter.Instance,
            ],
            [StandardResolver.Instance]))
        .WithSecurity(MessagePackSecurity.UntrustedData);

    /// <summary>What the contract lets a hub message have: 128 KiB.</summary>
    internal const int HubMessageBytesMax = 131_072;

    internal static IHubProtocol MessagePackHub { get; } = new MessagePackHubProtocol(
        Options.Create(new MessagePackHubProtocolOptions { SerializerOptions = MessagePack }));

    internal static IHubProtocol JsonHub { get; } = new JsonHubProtocol(
        Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = new JsonSerializerOptions(Json) }));

    internal static int BytesOf<T>(T value, HubEncoding encoding) => encoding == HubEncoding.Json
        ? JsonSerializer.SerializeToUtf8Bytes(value, Json).Length
        : MessagePackSerializer.Serialize(value, MessagePack).Length;

    private static JsonSerializerOptions ReadOnly(JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
