using Chat.Delivery;
using Chat.Ids;

namespace Chat.Receipts;

/// <summary>
/// The newest receipt of one member that was pushed. It is pushed before it is durable, so a device that comes and
/// reads in between gets it neither way: once durable it is pushed again, to whom a device has come since.
/// <para><b>Invariant.</b> Pushes leave in the order of their watermarks, though the conversation pushes from its turn
/// and the journal from its loop: hence the lock, which is held while pushes are queued, and for nothing else.</para>
/// </summary>
internal sealed class PushedReceipt(Fanout fanout)
{
    private readonly Lock _order = new();
    private ReceiptAdvanced? _receipt;
    private UserId[] _users = [];
    private long _origin;
    private long _moment;
    private bool _isWaiting;
    private bool _isHeld;

    /// <param name="sees">
    /// Whether somebody may still see such receipts: whoever was meant by an earlier one and has come to hide, or was
    /// blocked, gets no later one.
    /// </param>
    /// <param name="hold">Under load: it goes with what comes after it, once that is durable.</param>
    public void Push(ReceiptAdvanced receipt, UserId[] users, long origin, Func<UserId, bool> sees, bool hold)
    {
        lock (_order)
        {
            (_receipt, _origin) = (receipt, origin);
            if (!_isWaiting) (_users, _moment) = (users, fanout.Now);
            else if (!users.AsSpan().SequenceEqual(_users)) _users = [.. _users.Where(sees).Union(users)];
            _isWaiting = true;
            _isHeld |= hold;
            if (!_isHeld) fanout.PushReceipt(receipt, users, origin);
        }
    }

    /// <summary>To be called when what was pushed is durable.</summary>
    public async Task PushAgainAsync()
    {
        if (_receipt is null) return;
        await fanout.EnsureRoutesAsync(_users);
        lock (_order)
        {
            if (_isHeld) fanout.PushReceipt(_receipt, _users, _origin);
            else fanout.PushReceiptAgain(_receipt, _users, _origin, _moment);
            _isWaiting = _isHeld = false;
        }
    }
}
