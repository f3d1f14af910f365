using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Wire;
using MessagePack;

namespace Chat.Tests.Outside;

/// <summary>One frame from the server, whatever the encoding.</summary>
internal sealed record WireFrame(int Type, string? InvocationId, string? Error, string? Target, JsonElement? Result)
{
    internal const int Completion = 3;
    internal const int Ping = 6;
    internal const int Close = 7;
}

/// <summary>A hub connection by hand, in either encoding: it sends what bytes it is given, right or wrong.</summary>
internal sealed class WireSocket : IAsyncDisposable
{
    private const byte JsonEnd = 0x1e;

    private readonly ClientWebSocket _socket = new();
    private readonly HubEncoding _encoding;
    private readonly List<byte> _received = [];
    private readonly byte[] _buffer = new byte[65_536];
    private int _calls;

    private WireSocket(HubEncoding encoding) => _encoding = encoding;

    internal static async Task<WireSocket> ConnectAsync(Person person, Uri gateway, HubEncoding encoding)
    {
        var wire = new WireSocket(encoding);
        wire._socket.Options.SetRequestHeader("Authorization", "Bearer " + person.Token);
        await wire._socket.ConnectAsync(
            new UriBuilder(new Uri(gateway, "hub/chat")) { Scheme = "ws" }.Uri, CancellationToken.None);
        var protocol = encoding is HubEncoding.Json ? "json" : "messagepack";
        await wire.SendAsync(Encoding.UTF8.GetBytes($$"""{"protocol":"{{protocol}}","version":1}""" + (char)JsonEnd));
        while (!wire._received.Contains(JsonEnd))
        {
            if (!await wire.ReceiveAsync("the handshake"))
                throw new InvalidOperationException("Closed in the handshake.");
        }

        wire.Take(wire._received.IndexOf(JsonEnd) + 1);
        return wire;
    }

    /// <summary>Sends bytes as they are, as one WebSocket message.</summary>
    internal Task SendAsync(byte[] bytes) => _socket.SendAsync(
        bytes, _encoding is HubEncoding.Json ? WebSocketMessageType.Text : WebSocketMessageType.Binary,
        endOfMessage: true, CancellationToken.None);

    /// <summary>One call, its arguments whatever they are; the frame that answers it, or null: it was closed.</summary>
    internal async Task<WireFrame?> AskAsync(string method, params Value[] arguments)
    {
        var id = $"{++_calls}";
        var isJson = _encoding is HubEncoding.Json;
        await SendAsync(isJson ? JsonCall(id, method, arguments) : PackCall(id, method, arguments));
        return await AnswerAsync(id, method);
    }

    /// <summary>The next frame that is no ping and no push; null: the connection is closed.</summary>
    internal async Task<WireFrame?> NextAsync(string what)
    {
        while (await NextOfAnyKindAsync(what) is { } frame)
            if (frame.Type is not WireFrame.Ping && frame.Target is null) return frame;
        return null;
    }

    /// <summary>Puts the length before a MessagePack message, as SignalR does.</summary>
    internal static byte[] Framed(byte[] message)
    {
        var prefix = new List<byte>();
        var length = message.Length;
        for (; length >= 0x80; length >>= 7) prefix.Add((byte)(length | 0x80));
        prefix.Add((byte)length);
        return [.. prefix, .. message];
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<WireFrame?> AnswerAsync(string id, string method)
    {
        while (await NextAsync($"an answer to {method}") is { } frame)
            if (frame.Type is WireFrame.Close || frame.InvocationId == id) return frame;
        return null;
    }

    private static byte[] JsonCall(string id, string method, Value[] arguments)
    {
        var json = new StringBuilder($$"""{"type":1,"invocationId":"{{id}}","target":"{{method}}","arguments":""");
        new Value.Items(arguments).WriteJson(json);
        return Encoding.UTF8.GetBytes(json.Append('}').Append((char)JsonEnd).ToString());
    }

    private static byte[] PackCall(string id, string method, Value[] arguments)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(6);
        writer.Write(1);
        writer.WriteMapHeader(0);
        writer.Write(id);
        writer.Write(method);
        new Value.Items(arguments).WritePack(ref writer);
        writer.WriteArrayHeader(0);
        writer.Flush();
        return Framed(buffer.WrittenSpan.ToArray());
    }

    private async Task<WireFrame?> NextOfAnyKindAsync(string what)
    {
        while (true)
        {
            if (_encoding is HubEncoding.Json && _received.IndexOf(JsonEnd) is >= 0 and var end)
                return FromJson(JsonElement.Parse(Take(end + 1).AsSpan(0, end)));
            if (_encoding is HubEncoding.MessagePack && TryTakePack() is { } pack)
                return FromPack(JsonElement.Parse(MessagePackSerializer.ConvertToJson(pack)));
            if (!await ReceiveAsync(what)) return null;
        }
    }

    private byte[] Take(int count)
    {
        var taken = _received[..count].ToArray();
        _received.RemoveRange(0, count);
        return taken;
    }

    private byte[]? TryTakePack()
    {
        int length = 0, at = 0, shift = 0;
        do
        {
            if (at == _received.Count) return null;
            length |= (_received[at] & 0x7f) << shift;
            shift += 7;
        }
        while ((_received[at++] & 0x80) != 0);
        return _received.Count < at + length ? null : Take(at + length)[at..];
    }

    private async Task<bool> ReceiveAsync(string what)
    {
        try
        {
            var read = await Eventually.CompletesAsync(what, _socket.ReceiveAsync(_buffer, CancellationToken.None));
            _received.AddRange(_buffer.AsSpan(0, read.Count));
            return read.MessageType is not WebSocketMessageType.Close;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    private static WireFrame FromJson(JsonElement frame) => new(
        frame.GetProperty("type").GetInt32(), Text(frame, "invocationId"), Text(frame, "error"), Text(frame, "target"),
        frame.TryGetProperty("result", out var result) ? result : null);

    private static WireFrame FromPack(JsonElement frame)
    {
        string? At(int index) => frame.GetArrayLength() > index ? frame[index].GetString() : null;
        var type = frame[0].GetInt32();
        return type switch
        {
            1 => new(type, At(2), null, At(3), null),
            WireFrame.Completion when frame[3].GetInt32() == 1 => new(type, At(2), At(4), null, null),
            WireFrame.Completion => new(type, At(2), null, null, frame[3].GetInt32() == 3 ? frame[4] : null),
            WireFrame.Close => new(type, null, At(1), null, null),
            _ => new(type, null, null, null, null),
        };
    }

    private static string? Text(JsonElement frame, string name) =>
        frame.TryGetProperty(name, out var text) ? text.GetString() : null;
}
