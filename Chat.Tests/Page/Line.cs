using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Chat.Tests.Page;

/// <summary>The hub connections of one tab, through the test's hands: cut, or answered by silence.</summary>
internal sealed class Line
{
    private readonly ConcurrentBag<IWebSocketRoute> _sockets = [];
    private readonly ConcurrentQueue<string> _said = [];
    private volatile bool _isCut;
    private volatile bool _isDeaf;
    private volatile string[] _lost = [];

    internal static async Task<Line> OfAsync(IPage page)
    {
        var line = new Line();
        await page.RouteWebSocketAsync("**/hub/chat**", line.Take);
        return line;
    }

    /// <summary>From now on nothing that the gateway says reaches the tab; what the tab says still goes out.</summary>
    internal void Deafen() => _isDeaf = true;

    /// <summary>From now on these callbacks of the gateway do not reach the tab; answers do.</summary>
    internal void Lose(params string[] callbacks) => _lost = callbacks;

    /// <summary>Closes the connection, and each new one until <see cref="Mend"/>.</summary>
    internal async Task CutAsync()
    {
        _isCut = true;
        while (_sockets.TryTake(out var socket)) await socket.CloseAsync();
    }

    internal void Mend() => _isCut = _isDeaf = false;

    /// <summary>The arguments of the tab's calls of a hub method so far.</summary>
    internal string[] Calls(string method) =>
    [
        .. from frame in _said
           from text in frame.Split('\u001e', StringSplitOptions.RemoveEmptyEntries)
           let message = JsonDocument.Parse(text).RootElement
           where message.TryGetProperty("target", out var target) && target.GetString() == method
           select message.GetProperty("arguments")[0].GetRawText(),
    ];

    private string WithoutLost(string frame) => _lost.Length == 0 ? frame : string.Concat(
        from text in frame.Split('\u001e', StringSplitOptions.RemoveEmptyEntries)
        where !_lost.Any(name => text.Contains($"\"target\":\"{name}\"", StringComparison.Ordinal))
        select text + '\u001e');

    private void Take(IWebSocketRoute socket)
    {
        if (_isCut)
        {
            // Nothing depends on when it is closed: the tab tries again until it gets through.
            _ = socket.CloseAsync();
            return;
        }

        var gateway = socket.ConnectToServer();
        socket.OnMessage(frame =>
        {
            if (frame.Text is not { } text) return;
            _said.Enqueue(text);
            gateway.Send(text);
        });
        gateway.OnMessage(frame =>
        {
            if (!_isDeaf && frame.Text is { } text) socket.Send(WithoutLost(text));
        });
        _sockets.Add(socket);
    }
}
