using Chat.Conversations;
using Chat.Gateway.Presence;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Refusals;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Chat.Gateway.Delivery;

/// <summary>
/// One device's socket, as pushes see it.
/// <para><b>Queue.</b> A push is written at once while the transport takes it. While it does not, pushes wait here, at
/// most so many; one more and all that wait are dropped, and the device gets one <c>ResyncRequired</c> when it reads
/// again. Nothing ever waits for a slow reader.</para>
/// </summary>
internal sealed class ClientConnection(HubConnectionContext context, UserId user, long key, int queuedPushesMax)
{
    private static readonly SerializedHubMessage Resync =
        new(new InvocationMessage(ServerCallbacks.ResyncRequired, [new ResyncRequired(null)]));

    private readonly Lock _lock = new();
    private Queue<SerializedHubMessage>? _waiting;
    private WatchedUsers? _watching;
    private volatile bool _hasLeft;
    private bool _isWriting;
    private bool _hasDropped;

    public UserId User => user;

    /// <summary>Unique among all connections of the cluster, by chance: 64 random bits.</summary>
    public long Key => key;

    /// <summary>When the lease is to be renewed; written by <c>SessionLeases</c> alone.</summary>
    public long RenewAt { get; set; }

    /// <summary>The user's grain knows of this connection.</summary>
    public bool IsAttached { get; set; }

    /// <summary>The silo of the user's grain, as of the last attach.</summary>
    public SiloAddress? Owner { get; set; }

    /// <summary>A renewal of its lease failed, and it was not told to resume yet.</summary>
    public bool MayLackPushes { get; set; }

    /// <summary>Whether there was any push that it can have missed.</summary>
    public bool WasPushedTo { get; private set; }

    /// <summary>This connection's sends that are under way; made by its first send.</summary>
    public Pipelines<ConversationId, SendCommand, Answer<Sent>>? Sends { get; set; }

    /// <summary>Whom it watches; null: it never did.</summary>
    public WatchedUsers? Watching => Volatile.Read(ref _watching);

    /// <summary>It has ended, while calls of it may still be under way.</summary>
    public bool HasLeft { get => _hasLeft; set => _hasLeft = value; }

    /// <summary>Presence counts it.</summary>
    public bool IsPresent { get; set; }

    /// <summary>Two calls at once get the same.</summary>
    public WatchedUsers StartWatching() => LazyInitializer.EnsureInitialized(ref _watching);

    public void Push(SerializedHubMessage message)
    {
        WasPushedTo = true;
        lock (_lock)
        {
            if (_isWriting)
            {
                Queue(message);
                return;
            }

            _isWriting = true;
        }

        Write(message);
    }

    /// <summary>Those of them that did not come from here; in one write where the transport takes it.</summary>
    public void Push(PushBundle bundle)
    {
        if (!bundle.IsFrom(key) && TryBeginWriting())
        {
            WasPushedTo = true;
            Write(bundle.WholeIn(context.Protocol));
            return;
        }

        foreach (var push in bundle.Pushes)
            if (push.Except != key) Push(push.Message);
    }

    public void PushResync() => Push(Resync);

    /// <summary>
    /// Begins to end it so that its client comes back. SignalR's own clients, told to reconnect by themselves, do so
    /// after the closing that the transport asks for (as when a token runs out), and stay away for good after an abort
    /// or a fault.
    /// </summary>
    public void BeginToClose()
    {
        if (context.Features.Get<IConnectionLifetimeNotificationFeature>() is { } transport) transport.RequestClose();
        else context.Abort();
    }

    /// <summary>As <see cref="BeginToClose"/>; returns when no call of it will run any more.</summary>
    public async Task CloseToReconnectAsync()
    {
        BeginToClose();
        await Task.Delay(Timeout.InfiniteTimeSpan, context.ConnectionAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool TryBeginWriting()
    {
        lock (_lock) return !_isWriting && (_isWriting = true);
    }

    private void Queue(SerializedHubMessage message)
    {
        if (_hasDropped) return;
        _waiting ??= new Queue<SerializedHubMessage>();
        if (_waiting.Count < queuedPushesMax)
        {
            _waiting.Enqueue(message);
            return;
        }

        _waiting.Clear();
        _hasDropped = true;
        ConnectionMetrics.Dropped();
    }

    private void Write(SerializedHubMessage message)
    {
        SerializedHubMessage? next = message;
        while (next is not null)
        {
            var written = context.WriteAsync(next);
            if (!written.IsCompletedSuccessfully)
            {
                _ = WriteSlowlyAsync(written);
                return;
            }

            next = TakeNext();
        }
    }

    /// <summary>
    /// SignalR aborts a connection whose write fails, so this task never faults for long: it ends with it.
    /// </summary>
    private async Task WriteSlowlyAsync(ValueTask written)
    {
        await written;
        while (TakeNext() is { } next) await context.WriteAsync(next);
    }

    private SerializedHubMessage? TakeNext()
    {
        lock (_lock)
        {
            if (_hasDropped)
            {
                _hasDropped = false;
                // Now and not when they were dropped: what came since was dropped, too.
                Watching?.Lose();
                return Resync;
            }

            if (_waiting is { Count: > 0 }) return _waiting.Dequeue();
            _waiting = null;
            _isWriting = false;
            return null;
        }
    }
}
