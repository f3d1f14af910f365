using Chat.Refusals;

namespace Chat.Users;

/// <summary>A token bucket: a burst at once, then a steady rate. Not thread-safe.</summary>
/// <param name="perSecond">Sends a second that refill it.</param>
/// <param name="burst">Sends that it holds when full.</param>
public sealed class SendBucket(int perSecond, int burst, TimeProvider time)
{
    private double _sends = burst;
    private long _filledAt = time.GetTimestamp();

    public SendBucket(ChatLimits limits, TimeProvider time) : this(limits.SendsPerSecond, limits.SendBurst, time)
    {
    }

    /// <summary>Whole sends that are left; negative when overdrawn.</summary>
    public int Left
    {
        get
        {
            Refill();
            return (int)Math.Floor(_sends);
        }
    }

    /// <summary>Takes what was spent elsewhere; may overdraw, by one burst at most.</summary>
    public void Spend(int sends)
    {
        Refill();
        _sends = Math.Max(-burst, _sends - sends);
    }

    /// <summary>Takes one send, or says when there will be one.</summary>
    public bool TryTake(out TimeSpan retryAfter)
    {
        Refill();
        if (_sends >= 1)
        {
            _sends--;
            retryAfter = TimeSpan.Zero;
            return true;
        }

        retryAfter = TimeSpan.FromSeconds((1 - _sends) / perSecond);
        return false;
    }

    /// <summary>What was taken was not sent.</summary>
    public void GiveBack()
    {
        Refill();
        _sends = Math.Min(burst, _sends + 1);
    }

    /// <summary>No more than this is left: another gateway has counted too.</summary>
    public void LowerTo(int sends)
    {
        Refill();
        _sends = Math.Min(_sends, sends);
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _sends = Math.Min(burst, _sends + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
    }
}
