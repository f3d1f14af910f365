using Chat.Delivery;
using Chat.Ids;

namespace Chat.Receipts;

/// <summary>
/// The newest receipt of one member that was pushed. It is pushed before it is durable, so a device that comes and
/// reads in between gets it neither way: once durable it is pushed again, to whom a device has come since.
/// <para><b>Invariants.</b> Pushes leave in the order of their watermarks, for the conversation makes all of them in
/// its turns. Whoever gets one may see it then: what was meant for him earlier says nothing of that.</para>
/// <para><b>Threads.</b> The journal asks from its loop whether anything is owed: hence the lock.</para>
/// </summary>
internal sealed class PushedReceipt(Fanout fanout)
{
    private readonly Lock _lock = new();
    private ReceiptAdvanced? _receipt;
    private UserId[] _users = [];
    private long _origin;
    private long _moment;
    private bool _isWaiting;
    private bool _isHeld;

    /// <param name="users">Who may see it now.</param>
    /// <param name="hold">Under load: it goes with what comes after it, once that is durable.</param>
    public void Push(ReceiptAdvanced receipt, UserId[] users, long origin, bool hold)
    {
        lock (_lock)
        {
            (_receipt, _origin) = (receipt, origin);
            if (!_isWaiting) (_users, _moment) = (users, fanout.Now);
            else if (!users.AsSpan().SequenceEqual(_users)) _users = [.. _users.Union(users)];
            _isWaiting = true;
            _isHeld |= hold;
            if (!_isHeld) fanout.PushReceipt(receipt, users, origin);
        }
    }

    /// <summary>To be called when something of what was pushed is durable.</summary>
    /// <param name="durable">What a device reads that comes from now on.</param>
    /// <returns>Whether it is to be pushed again; if not, what is durable is done with.</returns>
    public bool IsOwed(Watermarks durable)
    {
        lock (_lock)
        {
            if (_receipt is null) return false;
            if (_isHeld || fanout.HasChangedSince(_users, _moment)) return true;
            _isWaiting = !IsIn(durable);
            return false;
        }
    }

    /// <param name="sees">Who may see such receipts by now.</param>
    public void PushAgain(Func<UserId, bool> sees, Watermarks durable)
    {
        lock (_lock)
        {
            if (_receipt is null) return;
            var now = fanout.Now;
            var seeing = Array.FindAll(_users, user => sees(user));
            if (_isHeld) fanout.PushReceipt(_receipt, seeing, _origin);
            else fanout.PushReceiptAgain(_receipt, seeing, _origin, _moment);
            (_moment, _isHeld, _isWaiting) = (now, false, !IsIn(durable));
        }
    }

    /// <summary>Instead: who may see what can't be told here any more, so each of them asks for his part.</summary>
    public void TellToResume(Watermarks durable)
    {
        lock (_lock)
        {
            if (_receipt is null) return;
            fanout.PushResync(_users);
            // What they can't read yet they are told of once more.
            if (IsIn(durable)) _isWaiting = _isHeld = false;
        }
    }

    private bool IsIn(Watermarks durable) =>
        durable.Covers(new Watermarks(_receipt!.DeliveredSeq, _receipt.ReadSeq ?? 0));
}
