using Chat.Overload;

namespace Chat.Gateway.Overload;

/// <summary>
/// When those who are refused are to come back: each behind all who were refused before him, at the pace of the
/// answers. So what comes back is about as much as can be served, however many were refused.
/// </summary>
internal sealed class ReturnTimes(OverloadOptions options, TimeProvider time)
{
    /// <summary>What comes back is taken to be served at this pace at least.</summary>
    private const int PerSecondMin = 100;

    private long _lastAt;

    public TimeSpan Next(double perSecond)
    {
        var now = time.GetTimestamp();
        var latest = now + (long)((options.ComeBackMax - options.ComeBackAfter).TotalSeconds * time.TimestampFrequency);
        var apart = (long)(time.TimestampFrequency / Math.Max(perSecond, PerSecondMin));
        _lastAt = Math.Min(latest, Math.Max(_lastAt, now) + apart);
        return options.ComeBackAfter + time.GetElapsedTime(now, _lastAt);
    }
}
