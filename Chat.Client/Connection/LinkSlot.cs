namespace Chat.Client;

/// <summary>
/// The device's present link, and where calls wait for one. Thread-safe. A link is <i>current</i> from connect to loss,
/// and <i>ready</i> once it has resumed (or failed to): then the outbox may use it.
/// </summary>
internal sealed class LinkSlot
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<HubLink> _next = NewSource();
    private HubLink? _current;
    private HubLink? _ready;
    private ChatException? _closed;

    public HubLink? Current
    {
        get
        {
            lock (_gate) return Alive(_current);
        }
    }

    /// <summary>The current link, or the refusal of a call that can't be made now.</summary>
    public HubLink Require()
    {
        lock (_gate) return Alive(_current) ?? throw _closed ?? ChatException.Disconnected();
    }

    /// <summary>A ready link; throws once the device is closed for good.</summary>
    public Task<HubLink> WhenReadyAsync()
    {
        lock (_gate)
        {
            if (_closed is not null) return Task.FromException<HubLink>(_closed);
            return Alive(_ready) is { } ready ? Task.FromResult(ready) : _next.Task;
        }
    }

    public void Set(HubLink link)
    {
        lock (_gate) (_current, _ready) = (link, null);
    }

    /// <summary>Lets the outbox use the link, if it still is the current one.</summary>
    public void Ready(HubLink link)
    {
        TaskCompletionSource<HubLink> waiting;
        lock (_gate)
        {
            if (_current != link || _ready == link) return;
            _ready = link;
            (waiting, _next) = (_next, NewSource());
        }

        waiting.TrySetResult(link);
    }

    public void Clear()
    {
        lock (_gate) (_current, _ready) = (null, null);
    }

    public void Close(ChatException why)
    {
        TaskCompletionSource<HubLink> waiting;
        lock (_gate)
        {
            _closed ??= why;
            (_current, _ready) = (null, null);
            waiting = _next;
        }

        waiting.TrySetException(why);
        // Nobody may be waiting; that is no fault.
        _ = waiting.Task.Exception;
    }

    private static HubLink? Alive(HubLink? link) => link is { Over.IsCompleted: false } ? link : null;

    private static TaskCompletionSource<HubLink> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
