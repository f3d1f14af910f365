using Chat.Users;

namespace Chat.Gateway.Sessions;

/// <summary>
/// The sends that a user's own bucket has not been told of, with their times: charged when they are reported, those of
/// a calm would take from the burst behind it. Not thread-safe.
/// </summary>
/// <param name="apart">Those closer than this count as sent together, with the last of them.</param>
internal sealed class UnreportedSends(TimeSpan apart, TimeProvider time)
{
    /// <summary>Past it what comes joins the last.</summary>
    private const int LotsMax = 64;

    private readonly List<Lot> _lots = [];
    private int _givenBack;

    /// <summary>Those given back after their report are taken off the next ones.</summary>
    public int Count { get; private set; }

    private record struct Lot(int Count, long From, long To);

    public void Add()
    {
        if (_givenBack > 0)
        {
            _givenBack--;
            return;
        }

        var now = time.GetTimestamp();
        Count++;
        if (_lots.Count > 0 && (_lots.Count == LotsMax || time.GetElapsedTime(_lots[^1].From, now) < apart))
            _lots[^1] = _lots[^1] with { Count = _lots[^1].Count + 1, To = now };
        else
            _lots.Add(new Lot(1, now, now));
    }

    /// <summary>One that was added was not sent.</summary>
    public void GiveBack()
    {
        if (Count == 0)
        {
            _givenBack++;
            return;
        }

        Count--;
        if (_lots[^1].Count > 1) _lots[^1] = _lots[^1] with { Count = _lots[^1].Count - 1 };
        else _lots.RemoveAt(_lots.Count - 1);
    }

    public SpentSends[] Take()
    {
        var now = time.GetTimestamp();
        SpentSends[] spent = [.. _lots.Select(lot => new SpentSends(lot.Count, time.GetElapsedTime(lot.To, now)))];
        _lots.Clear();
        Count = 0;
        return spent;
    }
}
