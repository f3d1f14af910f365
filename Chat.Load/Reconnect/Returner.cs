using System.Diagnostics;
using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Messages;
using Chat.Load.Offline;

namespace Chat.Load.Reconnect;

/// <summary>One user whose gateway dies: when he was back, resumed, and held all that was left for him.</summary>
internal sealed class Returner
{
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Receiver _receiver;
    private long _killedAt;
    private long _backAt;
    private long _resumedAt;
    private int _attempts;

    /// <param name="number">His place, which is in the ids of what is sent to him.</param>
    /// <param name="account">Who.</param>
    /// <param name="messages">What is sent to him in all, before the kill and after it.</param>
    /// <param name="spread">Over how long his first attempt may fall; null: as the client does.</param>
    /// <param name="gateways">The one that is killed comes first.</param>
    /// <param name="ids">Of the run.</param>
    /// <param name="text">What is sent.</param>
    public Returner(
        int number,
        Account account,
        int messages,
        TimeSpan? spread,
        IReadOnlyList<Uri> gateways,
        MessageIds ids,
        string text)
    {
        _receiver = new Receiver(number, account, messages, ids, text);
        Device = Devices.Whole(account, gateways, spread);
        Device.MessageAppended += _receiver.OnMessage;
        Device.StateChanged += OnStateChanged;
        Device.CaughtUp += OnCaughtUp;
    }

    public ChatConnection Device { get; }

    /// <summary>He is back at another gateway and lacks nothing that it knew of.</summary>
    public Task Resumed => _resumed.Task;

    /// <summary>He has everything that was sent to him.</summary>
    public Task Completed => _receiver.Completed;

    public int Got => _receiver.Got;

    public int Wrong => _receiver.Wrong;

    /// <summary>Attempts to connect since the kill.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    public TimeSpan? BackAfter => After(Volatile.Read(ref _backAt));

    public TimeSpan? ResumedAfter => After(Volatile.Read(ref _resumedAt));

    /// <summary>Until then connecting is not returning.</summary>
    public void Killed(long at) => Volatile.Write(ref _killedAt, at);

    private void OnStateChanged(StateChange change)
    {
        if (Volatile.Read(ref _killedAt) == 0) return;
        if (change.State == ConnectionState.Connecting) Interlocked.Increment(ref _attempts);
        if (change.State == ConnectionState.Connected) Volatile.Write(ref _backAt, Stopwatch.GetTimestamp());
    }

    private void OnCaughtUp()
    {
        if (Volatile.Read(ref _backAt) == 0 || _resumed.Task.IsCompleted) return;
        Volatile.Write(ref _resumedAt, Stopwatch.GetTimestamp());
        _resumed.TrySetResult();
    }

    private TimeSpan? After(long at) => at == 0 ? null : Stopwatch.GetElapsedTime(Volatile.Read(ref _killedAt), at);
}
