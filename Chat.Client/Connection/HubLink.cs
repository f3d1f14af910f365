using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Options;

namespace Chat.Client;

/// <summary>
/// One SignalR connection to one gateway, from connect to close; never reused. Pushes go to <c>post</c> in the order in
/// which they came, on SignalR's thread: <c>post</c> must return at once.
/// </summary>
internal sealed class HubLink : IAsyncDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(75);

    private readonly HubConnection _hub;
    private readonly TaskCompletionSource<LinkEnd> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<HubLink, object>? _post;

    private HubLink(HubConnection hub, Uri gateway, Action<HubLink, object> post)
    {
        (_hub, Gateway, _post) = (hub, gateway, post);
        Listen<Message>(nameof(ChatConnection.MessageAppended));
        Listen<ReceiptAdvanced>(nameof(ChatConnection.ReceiptAdvanced));
        Listen<ReceiptCounts>(nameof(ChatConnection.ReceiptCounts));
        Listen<Presence>(nameof(ChatConnection.PresenceChanged));
        Listen<TypingChanged>(nameof(ChatConnection.TypingChanged));
        Listen<Conversation>(nameof(ChatConnection.ConversationChanged));
        Listen<ResyncRequired>(nameof(ChatConnection.ResyncRequired));
        Listen<Draining>(nameof(ChatConnection.Draining));
        hub.Closed += error =>
        {
            _over.TrySetResult(new LinkEnd(error, null));
            return Task.CompletedTask;
        };
    }

    public Uri Gateway { get; }

    /// <summary>Completes when the connection is lost, told to go elsewhere, or given up.</summary>
    public Task<LinkEnd> Over => _over.Task;

    public static async Task<HubLink> ConnectAsync(
        ChatConnectionOptions options,
        Uri gateway,
        string token,
        Action<HubLink, object> post,
        CancellationToken cancellation)
    {
        var http = new HttpConnectionOptions
        {
            Url = new Uri(gateway, "hub/chat"),
            Transports = HttpTransportType.WebSockets,
            SkipNegotiation = !options.Negotiates,
            AccessTokenProvider = () => Task.FromResult<string?>(token),
            WebSocketFactory = (context, stop) => GatewaySocket.OpenAsync(context, token, stop),
        };
        var protocol = options.Encoding == HubEncoding.Json ? WireFormat.JsonHub : WireFormat.MessagePackHub;
        http.DefaultTransferFormat = protocol.TransferFormat;
        var hub = new HubConnection(
            new HttpConnectionFactory(Options.Create(http), options.Logs),
            protocol,
            new UriEndPoint(http.Url),
            NoServices.Instance,
            options.Logs)
        { KeepAliveInterval = KeepAlive, ServerTimeout = ServerTimeout, HandshakeTimeout = options.ConnectTimeout };
        var link = new HubLink(hub, gateway, post);
        try
        {
            await hub.StartAsync(cancellation).WaitAsync(options.ConnectTimeout, options.Time, cancellation)
                .ConfigureAwait(false);
            return link;
        }
        catch (Exception e)
        {
            link.Release();
            if (Refusal(e) is { } refusal) throw refusal;
            throw;
        }
    }

    /// <summary>
    /// One hub call. Throws <see cref="ChatException"/>; encoding failures of the argument as they are.
    /// </summary>
    public async Task<T> CallAsync<T>(string method, object argument, CancellationToken cancellation)
    {
        try
        {
            return await _hub.InvokeCoreAsync<T>(method, [argument], cancellation).ConfigureAwait(false);
        }
        catch (HubException e)
        {
            var refusal = ErrorText.OfHub(e.Message, e);
            throw refusal.Code == ErrorCodes.Disconnected ? Lost(e) : refusal;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Lost(e);
        }
        catch (Exception e)
            when (e is IOException or WebSocketException or InvalidOperationException or TimeoutException)
        {
            throw Lost(e);
        }
    }

    /// <summary>Ends the link from this side: <see cref="Over"/> completes, and no further push is posted.</summary>
    public void End(LinkEnd end) => _over.TrySetResult(end);

    /// <summary>
    /// Closes the socket without being waited for: a peer that is gone may take seconds to say nothing.
    /// </summary>
    public void Release()
    {
        _post = null;
        _ = DisposeAsync().AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        _post = null;
        try
        {
            await _hub.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The link is over either way; what was unanswered is resent by the outbox or thrown to its caller.
            _over.TrySetResult(new LinkEnd(e, null));
        }
    }

    private ChatException Lost(Exception error)
    {
        // Said here too, so that nobody tries this link again before SignalR has noticed.
        _over.TrySetResult(new LinkEnd(error, null));
        return ChatException.Disconnected(error);
    }

    private void Listen<T>(string callback)
        where T : class =>
        _hub.On(
            callback,
            [typeof(T)],
            static (arguments, state) =>
            {
                var link = (HubLink)state;
                if (arguments[0] is { } payload) link._post?.Invoke(link, payload);
                return Task.CompletedTask;
            },
            this);

    private static ChatException? Refusal(Exception error) => error switch
    {
        ChatException refusal => refusal,
        HttpRequestException { StatusCode: HttpStatusCode status } e => GatewaySocket.Refusal(status, null, e),
        AggregateException many => many.InnerExceptions.Select(Refusal).FirstOrDefault(found => found is not null),
        { InnerException: { } inner } => Refusal(inner),
        _ => null,
    };

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}

/// <summary>Why a link is over.</summary>
/// <param name="Error">What broke it, if anything did.</param>
/// <param name="ReconnectIn">Asked to go elsewhere: after this long, without further back-off.</param>
/// <param name="TokenRefused">The hub said that the token is not valid any more.</param>
internal sealed record LinkEnd(Exception? Error, TimeSpan? ReconnectIn, bool TokenRefused = false);
