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
    private UserId[] _members = [];
    private long _origin;
    private long _moment;

    public void Push(ReceiptAdvanced receipt, UserId[] members, long origin)
    {
        lock (_order)
        {
            (_receipt, _members, _origin, _moment) = (receipt, members, origin, fanout.Now);
            fanout.PushReceipt(receipt, members, origin);
        }
    }

    /// <summary>To be called when what was pushed is durable.</summary>
    public async Task PushAgainAsync()
    {
        if (_receipt is null) return;
        await fanout.EnsureRoutesAsync(_members);
        lock (_order) fanout.PushReceiptAgain(_receipt, _members, _origin, _moment);
    }
}
