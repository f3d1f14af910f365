using Chat.Refusals;

namespace Chat.Users;

/// <summary>A token bucket: a burst at once, then a steady rate. Not thread-safe.</summary>
/// <param name="perSecond">Tokens a second that refill it.</param>
/// <param name="burst">Tokens that it holds when full.</param>
public sealed class TokenBucket(double perSecond, int burst, TimeProvider time)
{
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();

    public TokenBucket(ChatLimits limits, TimeProvider time) : this(limits.SendsPerSecond, limits.SendBurst, time)
    {
    }

    /// <summary>Whole tokens that are left; negative when overdrawn.</summary>
    public int Left
    {
        get
        {
            Refill();
            return (int)Math.Floor(_tokens);
        }
    }

    /// <summary>Takes what was spent elsewhere; may overdraw, by one burst at most.</summary>
    public void Spend(int tokens)
    {
        Refill();
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
    public void LowerTo(int tokens)
    {
        Refill();
        _tokens = Math.Min(_tokens, tokens);
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
    }
}
