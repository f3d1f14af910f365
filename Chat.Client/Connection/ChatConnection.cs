using Microsoft.Extensions.Logging;

namespace Chat.Client;

/// <summary>
/// One device of one user: keeps connected to some gateway of the cluster, raises what happens as typed events, and
/// carries out the hub calls of the contract.
/// </summary>
/// <remarks>
/// <para>
/// Promises, with <see cref="ChatConnectionOptions.KeepsLog"/> and <see cref="ChatConnectionOptions.Resends"/> as they
/// are: each entry of each conversation is raised once, in the order of its seq, over any number of reconnects; what
/// can't be had any more is named by <see cref="RangeGone"/>; a send is sent until it is answered, once by its id.
/// </para>
/// <para>
/// Not promised: anything beyond this process. Store <see cref="ExportCursors"/> with the entries, and your own client
/// message ids with what you send.
/// </para>
/// <para>
/// Thread-safe: any method from any thread. Events are raised on a pool thread, one after another, never two at once;
/// while a handler runs, later events wait, so handlers are short and never block on a call of the same connection
/// (they may start one). Tasks complete on the pool.
/// </para>
/// <para>
/// Errors: hub calls throw <see cref="ChatException"/>: the server's code, or <c>disconnected</c> (retryable) where
/// there is no connection or it breaks. Only <see cref="SendAsync"/> waits for a connection.
/// </para>
/// </remarks>
public sealed partial class ChatConnection : IAsyncDisposable
{
    private readonly ChatConnectionOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LinkSlot _slot = new();
    private readonly Inbox _inbox;
    private readonly MarkSender _marks;
    private readonly DeviceLog _log;
    private readonly CatchUp _catchUp;
    private readonly Outbox _outbox;
    private readonly Watches _watches;
    private readonly ActivityReports _activity;
    private readonly ConnectionLoop _loop;
    private readonly Lock _gate = new();
    private HubLink? _resumed;
    private Task? _running;
    private int _state;

    /// <summary>Makes a device; <see cref="StartAsync"/> connects it. Add event handlers before that.</summary>
    public ChatConnection(ChatConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Gateways.Count == 0) throw new ArgumentException("No gateway was given.", nameof(options));
        _options = options;
        _logger = options.Logs.CreateLogger<ChatConnection>();
        var backOff = new BackOff(options.BackOffFirst, options.BackOffMax, options.Random);
        _inbox = new Inbox(options.InboxMax, Handle, OnDropped, _logger);
        _marks = new MarkSender(options, _slot, backOff, _logger);
        _log = new DeviceLog(options.UserId, options.AheadMax, _marks, RaiseEntry, RaiseGone);
        _catchUp = new CatchUp(options, _slot, _log, _inbox, backOff, _logger)
        {
            Resumed = OnResumed,
            CaughtUp = OnCaughtUp,
            ConversationResumed = RaiseConversation,
        };
        _outbox = new Outbox(options, _slot, backOff, OnAnswered);
        _watches = new Watches(_slot, _inbox, backOff, options.Time, _logger);
        _activity = new ActivityReports(_slot, options.ActivityApart, options.Time);
        _loop = new ConnectionLoop(options, _slot, backOff, OnPush, _logger)
        {
            Connected = OnConnected,
            Changed = OnStateChanged,
        };
        if (options.Cursors is { } cursors) _log.Import(cursors);
    }

    /// <summary>Where it stands at this moment.</summary>
    public ConnectionState State => (ConnectionState)Volatile.Read(ref _state);

    /// <summary>The gateway that it is connected to.</summary>
    public Uri? Gateway => _slot.Current?.Gateway;

    /// <summary>The caller.</summary>
    public string UserId => _options.UserId;

    /// <summary>
    /// Connects, and completes once the device lacks nothing (without <see cref="ChatConnectionOptions.KeepsLog"/>:
    /// once it is connected). Keeps trying until <paramref name="cancellation"/>, which ends the device for good.
    /// </summary>
    /// <exception cref="ChatException">There will be no connection: no token, or refused for good.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _running ??= RunAsync();
        }

        try
        {
            await _caughtUp.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Drops the present connection and connects to the next gateway at once; for when the app knows better, as after
    /// sleep or a change of network. Nothing while there is no connection.
    /// </summary>
    public void Reconnect() => _slot.Current?.End(new LinkEnd(null, TimeSpan.Zero));

    /// <summary>
    /// What the device holds at this moment. An entry whose handler is running counts as held. Empty without
    /// <see cref="ChatConnectionOptions.KeepsLog"/>.
    /// </summary>
    public CursorSnapshot ExportCursors() => _log.Export();

    /// <summary>
    /// Closes the connection. Sends that are not answered yet fail as <c>disconnected</c>: their outcome is unknown.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            running = _running;
            if (!_stop.IsCancellationRequested) _stop.Cancel();
        }

        if (running is null) Over(ChatException.Disconnected());
        else await running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var why = await _loop.RunAsync(_stop.Token).ConfigureAwait(false);
        Over(why ?? ChatException.Disconnected());
        OnStateChanged(new StateChange(ConnectionState.Closed, null, why));
    }

    private void Over(ChatException why)
    {
        _slot.Close(why);
        _caughtUp.TrySetException(why);
        // Nobody may be waiting; that is no fault.
        _ = _caughtUp.Task.Exception;
    }

    private void OnConnected(HubLink link)
    {
        if (_options.KeepsLog)
        {
            _catchUp.Resume();
            return;
        }

        _slot.Ready(link);
        _watches.Again(link);
        _caughtUp.TrySetResult();
    }

    private void OnResumed(HubLink link)
    {
        lock (_gate)
        {
            if (_resumed == link) return;
            _resumed = link;
        }

        _slot.Ready(link);
        _marks.Again();
        _watches.Again(link);
    }

    private void OnCaughtUp()
    {
        _caughtUp.TrySetResult();
        Raise(CaughtUp);
    }
}
