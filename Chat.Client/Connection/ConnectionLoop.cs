using Microsoft.Extensions.Logging;

namespace Chat.Client;

/// <summary>
/// Keeps one device connected: tries the gateways in turn, waits with back-off and jitter between attempts, moves on
/// when a gateway drains or is lost, and asks for a fresh token when one is refused. Ends when it is stopped, when the
/// token provider says that there will be no token, or after <see cref="RefusalsMax"/> refused tokens in a row.
/// </summary>
internal sealed partial class ConnectionLoop(
    ChatConnectionOptions options, LinkSlot slot, BackOff backOff, Action<HubLink, object> post, ILogger logger)
{
    private const int RefusalsMax = 3;

    /// <summary>A link has held, and its token with it, when it lasted this many times the first wait.</summary>
    private const int StableFactor = 4;

    private int _gateway;
    private int _attempt;
    private int _refusals;

    /// <summary>There is a new link.</summary>
    public required Action<HubLink> Connected { get; init; }

    /// <summary>The state changed.</summary>
    public required Action<StateChange> Changed { get; init; }

    /// <summary>Runs until the end; never throws.</summary>
    /// <returns>Why it ended, unless it was stopped.</returns>
    public async Task<ChatException?> RunAsync(CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                var link = await TryConnectAsync(stop).ConfigureAwait(false);
                if (link is not null) await StayAsync(link, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (ChatException e)
        {
            LogEnded(e, e.Code);
            return e;
        }
        catch (Exception e)
        {
            // A fault of this client. Said to whoever waits, rather than a device that is silently gone.
            LogEnded(e, ErrorCodes.Internal);
            return new ChatException(ErrorCodes.Internal, "The client failed.", retryable: false, inner: e);
        }
    }

    private async Task<HubLink?> TryConnectAsync(CancellationToken stop)
    {
        var gateway = options.Gateways[_gateway];
        Changed(new StateChange(ConnectionState.Connecting, gateway));
        try
        {
            var token = await options.Tokens(_refusals > 0, stop).ConfigureAwait(false);
            return await HubLink.ConnectAsync(options, gateway, token, post, stop).ConfigureAwait(false);
        }
        catch (ChatException e) when (e is { Code: ErrorCodes.Unauthenticated, Status: not null })
        {
            if (++_refusals >= RefusalsMax) throw;
            // The first refusal may be an old token of ours: ask for a fresh one at once.
            await WaitAsync(gateway, e, _refusals == 1 ? TimeSpan.Zero : null, stop).ConfigureAwait(false);
        }
        catch (ChatException e) when (!e.Retryable)
        {
            throw;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            _gateway = (_gateway + 1) % options.Gateways.Count;
            await WaitAsync(gateway, e, null, stop).ConfigureAwait(false);
        }

        return null;
    }

    private async Task StayAsync(HubLink link, CancellationToken stop)
    {
        var since = options.Time.GetTimestamp();
        try
        {
            slot.Set(link);
            Changed(new StateChange(ConnectionState.Connected, link.Gateway));
            Connected(link);
            var end = await link.Over.WaitAsync(stop).ConfigureAwait(false);
            slot.Clear();
            link.Release();
            // A link that breaks at once is no reason to start over with short waits.
            if (options.Time.GetElapsedTime(since) > options.BackOffFirst * StableFactor) _attempt = _refusals = 0;
            if (end.TokenRefused && ++_refusals >= RefusalsMax && end.Error is { } refused) throw refused;
            _gateway = (_gateway + 1) % options.Gateways.Count;
            await WaitAsync(link.Gateway, end.Error, end.ReconnectIn, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            slot.Clear();
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task WaitAsync(Uri gateway, Exception? error, TimeSpan? asked, CancellationToken stop)
    {
        var wait = asked ?? backOff.Wait(_attempt++, (error as ChatException)?.RetryAfter);
        if (error is not null) LogLost(error, gateway, wait);
        Changed(new StateChange(ConnectionState.Waiting, gateway, error, wait));
        if (wait > TimeSpan.Zero) await Task.Delay(wait, options.Time, stop).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No connection to {Gateway}; next try in {Wait}")]
    private partial void LogLost(Exception e, Uri gateway, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection ended for good ({Code})")]
    private partial void LogEnded(Exception e, string code);
}
