using Chat.Refusals;
using Chat.Users;

namespace Chat.Gateway.Sessions;

/// <summary>
/// What one user may send through this gateway: a bucket here, and every few sends a report to the user's own bucket,
/// which holds over all gateways. So reconnecting elsewhere wins at most one unreported handful.
/// </summary>
internal sealed class SendBudget
{
    /// <summary>What a report rounds off: sends close together have one time, its answer is in whole sends.</summary>
    private const int Slack = 2;

    private readonly Lock _lock = new();
    private readonly TokenBucket _bucket;
    private readonly UnreportedSends _unreported;
    private readonly int _reportEvery;
    private readonly Action<SendBudget, SpentSends[]> _report;

    public SendBudget(ChatLimits limits, TimeProvider time, Action<SendBudget, SpentSends[]> report)
    {
        _unreported = new UnreportedSends(TimeSpan.FromSeconds(1.0 / limits.SendsPerSecond), time);
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
        SpentSends[]? report;
        lock (_lock)
        {
            if (!_bucket.TryTake(out retryAfter)) return false;
            _unreported.Add();
            report = _unreported.Count < _reportEvery ? null : _unreported.Take();
        }

        if (report is not null) _report(this, report);
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
            _unreported.GiveBack();
        }
    }

    /// <summary>Takes what has not been reported, to be reported with another call.</summary>
    public SpentSends[] TakeUnreported()
    {
        lock (_lock) return _unreported.Take();
    }

    public void Apply(SendAllowance allowance)
    {
        lock (_lock) _bucket.LowerTo((double)allowance.Sends + Slack);
        IsLoaded = true;
    }
}
