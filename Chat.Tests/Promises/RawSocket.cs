using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Chat.Tests.Harness;
using Chat.Tests.Language;

namespace Chat.Tests.Promises;

/// <summary>A hub connection in JSON, by hand: it reads when it is told to, and nothing behind its back does.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    private const char End = '\u001e';

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, stop) =>
        {
            // A small window, so that a reader that stops is felt at the other end soon.
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _received = new();
    private readonly byte[] _buffer = new byte[65_536];

    private RawSocket()
    {
    }

    /// <summary>Connects and has shaken hands; whatever comes next stays in the socket.</summary>
    internal static async Task<RawSocket> ConnectAsync(Person person, Uri gateway)
    {
        var raw = new RawSocket();
        raw._socket.Options.SetRequestHeader("Authorization", "Bearer " + person.Token);
        var address = new UriBuilder(new Uri(gateway, "hub/chat")) { Scheme = "ws" }.Uri;
        await raw._socket.ConnectAsync(address, raw._http, CancellationToken.None);
        await raw.SendAsync("""{"protocol":"json","version":1}""");
        var shaken = await raw.ReadAsync("the handshake");
        if (shaken.TryGetProperty("error", out var error)) throw new InvalidOperationException(error.GetString());
        return raw;
    }

    /// <summary>One hub call; its answer comes among the rest.</summary>
    internal Task CallAsync(string method, object argument) => SendAsync(JsonSerializer.Serialize(
        new { type = 1, invocationId = method, target = method, arguments = new[] { argument } }));

    /// <summary>What keeps a connection alive, and is no hub call.</summary>
    internal Task PingAsync() => SendAsync("""{"type":6}""");

    /// <summary>The next answer to a call; pushes before it are passed over.</summary>
    internal async Task<JsonElement> AnswerAsync()
    {
        while (true)
        {
            var frame = await ReadAsync("the answer");
            if (frame.GetProperty("type").GetInt32() == 7) throw new InvalidOperationException($"Closed: {frame}");
            if (frame.GetProperty("type").GetInt32() == 3) return frame;
        }
    }

    /// <summary>The next frame, pings left out.</summary>
    internal async Task<JsonElement> ReadAsync(string what)
    {
        while (true)
        {
            var frame = JsonElement.Parse(await ReadTextAsync(what));
            if (!frame.TryGetProperty("type", out var type) || type.GetInt32() != 6) return frame;
        }
    }

    /// <summary>Reads to the end of the connection, and says how it was closed; throws where it broke off.</summary>
    internal async Task<WebSocketCloseStatus?> ReadCloseAsync()
    {
        while (true)
        {
            var read = await Eventually.CompletesAsync(
                "the close", _socket.ReceiveAsync(_buffer, CancellationToken.None), () => $"\"{_received}\"");
            if (read.MessageType is not WebSocketMessageType.Close) continue;
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            return read.CloseStatus;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _http.Dispose();
        await ValueTask.CompletedTask;
    }

    private Task SendAsync(string json) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(json + End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task<string> ReadTextAsync(string what)
    {
        while (true)
        {
            for (var i = 0; i < _received.Length; i++)
            {
                if (_received[i] != End) continue;
                var text = _received.ToString(0, i);
                _received.Remove(0, i + 1);
                return text;
            }

            var read = await Eventually.CompletesAsync(
                what, _socket.ReceiveAsync(_buffer, CancellationToken.None), () => $"\"{_received}\"");
            if (read.MessageType == WebSocketMessageType.Close)
                throw new InvalidOperationException($"Awaited {what}; closed: {read.CloseStatusDescription}");
            _received.Append(Encoding.UTF8.GetString(_buffer, 0, read.Count));
        }
    }
}
