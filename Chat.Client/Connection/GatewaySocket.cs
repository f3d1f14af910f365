using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace Chat.Client;

/// <summary>
/// Opens the WebSocket of a hub connection, so that a refused upgrade becomes a <see cref="ChatException"/>.
/// </summary>
internal static class GatewaySocket
{
    public static async ValueTask<WebSocket> OpenAsync(
        WebSocketConnectionContext context, string token, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        // The hub pings already, and a timer per socket would cost for nothing.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        try
        {
            await socket.ConnectAsync(context.Uri, cancellation).ConfigureAwait(false);
            // Kept for its status alone until here.
            socket.HttpResponseHeaders = null;
            return socket;
        }
        catch (WebSocketException e)
        {
            var (status, retryAfter) = (socket.HttpStatusCode, RetryAfter(socket));
            socket.Dispose();
            // 0: no HTTP answer at all. 101 with an exception: the upgrade was botched.
            if (status is 0 or HttpStatusCode.SwitchingProtocols) throw;
            throw Refusal(status, retryAfter, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A 401 wants another token; anything else may be this gateway's trouble alone.</summary>
    public static ChatException Refusal(HttpStatusCode status, TimeSpan? retryAfter, Exception inner) =>
        status == HttpStatusCode.Unauthorized
            ? new ChatException(ErrorCodes.Unauthenticated, "The gateway refused the access token.", false, null, inner)
            { Status = status }
            : new ChatException(
                ErrorCodes.Unavailable, $"The gateway refused: HTTP {(int)status}.", true, retryAfter, inner)
            { Status = status };

    private static TimeSpan? RetryAfter(ClientWebSocket socket) =>
        socket.HttpResponseHeaders is { } headers
            && headers.TryGetValue("Retry-After", out var values)
            && int.TryParse(values.FirstOrDefault(), out var seconds) && seconds is >= 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
