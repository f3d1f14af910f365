using System.Buffers;
using System.Text;
using Chat.Gateway.Wire;
using Chat.Refusals;
using MessagePack;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Chat.Tests.Wire;

/// <summary>SignalR's own two hub protocols with our options, and frames for them.</summary>
internal static class Frames
{
    public static readonly ChatLimits Limits = new();

    public static readonly IHubProtocol Json = new JsonHubProtocol(Options.Create(
        new JsonHubProtocolOptions { PayloadSerializerOptions = ChatJson.Create(Limits) }));

    public static readonly IHubProtocol Pack = new MessagePackHubProtocol(Options.Create(
        new MessagePackHubProtocolOptions { SerializerOptions = ChatMessagePack.Create(Limits) }));

    public delegate void WritePack(ref MessagePackWriter writer);

    /// <summary>The message that SignalR makes of a call with this argument.</summary>
    public static HubMessage ParseJson<T>(string argument) =>
        Parse<T>(Json, Encoding.UTF8.GetBytes(
            $$"""{"type":1,"invocationId":"1","target":"Call","arguments":[{{argument}}]}""" + "\u001e"));

    public static HubMessage ParsePack<T>(WritePack argument)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(6);
        writer.Write(1);
        writer.WriteMapHeader(0);
        writer.Write("1");
        writer.Write("Call");
        writer.WriteArrayHeader(1);
        argument(ref writer);
        writer.WriteArrayHeader(0);
        writer.Flush();
        return Parse<T>(Pack, [.. LengthPrefix(buffer.WrittenCount), .. buffer.WrittenSpan]);
    }

    /// <summary>The request that a call with this argument binds to, in JSON and in MessagePack.</summary>
    public static IEnumerable<T> Bind<T>(Value argument)
        where T : ClientRequest
    {
        var json = new StringBuilder();
        argument.WriteJson(json);
        yield return Bound<T>(ParseJson<T>(json.ToString()));
        yield return Bound<T>(ParsePack<T>(argument.WritePack));
    }

    public static IEnumerable<T> Bind<T>(string json)
        where T : ClientRequest
    {
        yield return Bound<T>(ParseJson<T>(json));
        var pack = MessagePackSerializer.ConvertFromJson(json);
        yield return Bound<T>(ParsePack<T>((ref MessagePackWriter writer) => writer.WriteRaw(pack)));
    }

    public static T Bound<T>(HubMessage message) =>
        message is InvocationMessage { Arguments: [T request] }
            ? request
            : throw new InvalidOperationException($"It did not bind: {message}");

    private static HubMessage Parse<T>(IHubProtocol protocol, byte[] frame)
    {
        var input = new ReadOnlySequence<byte>(frame);
        return protocol.TryParseMessage(ref input, new OneMethod(typeof(T)), out var message)
            ? message
            : throw new InvalidOperationException("No whole frame.");
    }

    private static byte[] LengthPrefix(int length)
    {
        var bytes = new List<byte>();
        for (; length >= 0x80; length >>= 7)
            bytes.Add((byte)(length | 0x80));
        bytes.Add((byte)length);
        return [.. bytes];
    }

    private sealed class OneMethod(Type parameter) : IInvocationBinder
    {
        public Type GetReturnType(string invocationId) => typeof(object);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [parameter];

        public Type GetStreamItemType(string streamId) => typeof(object);
    }
}
