using System.Diagnostics;
using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Messages;

namespace Chat.Load.Offline;

/// <summary>Somebody who was away: counts what he finds, each message once.</summary>
/// <param name="number">His place among the receivers, which is in the ids of what is sent to him.</param>
internal sealed class Receiver(int number, Account account, int each, MessageIds ids, string text)
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _seen = new byte[each];
    private int _got;

    public Account Account { get; } = account;

    /// <summary>He has everything.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Since when, as a timestamp.</summary>
    public long CompletedAt { get; private set; }

    public int Got => Volatile.Read(ref _got);

    /// <summary>Messages that came twice, or are not his or not what was sent.</summary>
    public int Wrong { get; private set; }

    /// <summary>A device of his, not yet connected, that holds nothing.</summary>
    public ChatConnection NewDevice(IReadOnlyList<Uri> gateways)
    {
        var device = Devices.Whole(Account, gateways);
        device.MessageAppended += OnMessage;
        return device;
    }

    /// <summary>Something came; for a device that is not made here.</summary>
    public void OnMessage(LogEntry entry)
    {
        if (!ids.TryRead(entry.Message.ClientMessageId, out var receiver, out var message)
            || receiver != number
            || message >= each
            || entry.Message.Content.Text != text
            || _seen[message]++ > 0)
        {
            Wrong++;
            return;
        }

        if (Interlocked.Increment(ref _got) < each) return;
        CompletedAt = Stopwatch.GetTimestamp();
        _completed.TrySetResult();
    }
}
