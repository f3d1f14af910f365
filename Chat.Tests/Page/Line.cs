using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Chat.Tests.Page;

/// <summary>The hub connections of one tab, through the test's hands: cut, or answered by silence.</summary>
internal sealed class Line
{
    private readonly ConcurrentBag<IWebSocketRoute> _sockets = [];
    private volatile bool _isCut;
    private volatile bool _isDeaf;

    internal static async Task<Line> OfAsync(IPage page)
    {
        var line = new Line();
        await page.RouteWebSocketAsync("**/hub/chat**", line.Take);
        return line;
    }

    /// <summary>From now on nothing that the gateway says reaches the tab; what the tab says still goes out.</summary>
    internal void Deafen() => _isDeaf = true;

    /// <summary>Closes the connection, and each new one until <see cref="Mend"/>.</summary>
    internal async Task CutAsync()
    {
        _isCut = true;
        while (_sockets.TryTake(out var socket)) await socket.CloseAsync();
    }

    internal void Mend() => _isCut = _isDeaf = false;

    private void Take(IWebSocketRoute socket)
    {
        if (_isCut)
        {
            // Nothing depends on when it is closed: the tab tries again until it gets through.
            _ = socket.CloseAsync();
            return;
        }

        var gateway = socket.ConnectToServer();
        gateway.OnMessage(frame =>
        {
            if (!_isDeaf && frame.Text is { } text) socket.Send(text);
        });
        _sockets.Add(socket);
    }
}
