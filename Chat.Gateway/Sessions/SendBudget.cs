using Chat.Refusals;
using Chat.Users;

namespace Chat.Gateway.Sessions;

/// <summary>
/// What one user may send through this gateway: a bucket here, and every few sends a report to the user's own bucket,
/// which holds over all gateways. So reconnecting elsewhere wins at most one unreported handful.
/// </summary>
internal sealed class SendBudget
{
    private readonly Lock _lock = new();
    private readonly TokenBucket _bucket;
    private readonly int _reportEvery;
    private readonly Action<SendBudget, int> _report;
    private int _unreported;

    public SendBudget(ChatLimits limits, TimeProvider time, Action<SendBudget, int> report)
    {
        _bucket = new TokenBucket(limits, time);
        _reportEvery = Math.Max(1, limits.SendBurst / 4);
        _report = report;
        UsedAt = time.GetTimestamp();
    }

    /// <summary>For letting go of budgets that nobody uses.</summary>
    public long UsedAt { get; set; }

    /// <summary>The user's own bucket has been asked.</summary>
    public bool IsLoaded { get; private set; }

    public bool TryTake(out TimeSpan retryAfter)
    {
        int report;
        lock (_lock)
        {
            if (!_bucket.TryTake(out retryAfter)) return false;
            report = ++_unreported < _reportEvery ? 0 : _unreported;
            if (report > 0) _unreported = 0;
        }

        if (report > 0) _report(this, report);
        return true;
    }

    /// <summary>
    /// What was taken was not sent. If it has been reported already, the next report is one less.
    /// </summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _bucket.GiveBack();
            _unreported--;
        }
    }

    /// <summary>Takes what has not been reported, to be reported with another call.</summary>
    public int TakeUnreported()
    {
        lock (_lock)
        {
            var unreported = _unreported;
            _unreported = 0;
            return unreported;
        }
    }

    public void Apply(SendAllowance allowance)
    {
        lock (_lock) _bucket.LowerTo(allowance.Sends);
        IsLoaded = true;
    }
}
