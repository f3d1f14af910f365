using Chat.Refusals;

namespace Chat.Users;

/// <summary>A token bucket: a burst at once, then a steady rate. Not thread-safe.</summary>
/// <param name="perSecond">Tokens a second that refill it.</param>
/// <param name="burst">Tokens that it holds when full.</param>
public sealed class TokenBucket(double perSecond, int burst, TimeProvider time)
{
    private double _tokens = burst;

    /// <summary>A new one has been full for as long as it takes to fill.</summary>
    private long _filledAt = time.GetTimestamp() - (long)(burst / perSecond * time.TimestampFrequency);

    public TokenBucket(ChatLimits limits, TimeProvider time) : this(limits.SendsPerSecond, limits.SendBurst, time)
    {
    }

    /// <summary>Whole tokens that are left; negative when overdrawn.</summary>
    public int Left => (int)Math.Floor(At(time.GetTimestamp()));

    /// <summary>Takes what was spent elsewhere; may overdraw, by one burst at most.</summary>
    /// <param name="ago">What was spent while it was full has been filled since.</param>
    public void Spend(int tokens, TimeSpan ago)
    {
        var spentAt = time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);
        RefillTo(Math.Max(_filledAt, spentAt));
        _tokens = Math.Max(-burst, _tokens - tokens);
    }

    /// <summary>Takes one, or says when there will be one.</summary>
    public bool TryTake(out TimeSpan retryAfter)
    {
        Refill();
        if (_tokens >= 1)
        {
            _tokens--;
            retryAfter = TimeSpan.Zero;
            return true;
        }

        retryAfter = TimeSpan.FromSeconds((1 - _tokens) / perSecond);
        return false;
    }

    /// <summary>What was taken was not used.</summary>
    public void GiveBack()
    {
        Refill();
        _tokens = Math.Min(burst, _tokens + 1);
    }

    /// <summary>No more than this is left: another gateway has counted too.</summary>
    public void LowerTo(double tokens)
    {
        Refill();
        _tokens = Math.Min(_tokens, tokens);
    }

    private void Refill() => RefillTo(time.GetTimestamp());

    private void RefillTo(long timestamp) => (_tokens, _filledAt) = (At(timestamp), timestamp);

    private double At(long timestamp) =>
        Math.Min(burst, _tokens + (time.GetElapsedTime(_filledAt, timestamp).TotalSeconds * perSecond));
}
