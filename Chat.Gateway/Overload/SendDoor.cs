using Chat.Overload;

namespace Chat.Gateway.Overload;

/// <summary>
/// How many sends this gateway has under way at one silo, and how many it may: as many as get answered in time. While
/// more than one in twenty are late, the limit is what was answered in the time that a send may take; while they are
/// not and most of it is used, it grows by a fifth; unused it comes back to a calm's. As long as nobody is refused a
/// send may take longer: waiting is better than a refusal. Once somebody must be, those who are let in are served soon.
/// <para><b>Cost.</b> A refusal is a look at a counter.</para>
/// </summary>
/// <param name="poolDelay">How long work waits for a thread here.</param>
/// <param name="answered">Told of each send that is no longer under way.</param>
internal sealed class SendDoor(
    OverloadOptions options, LoadGauge load, Func<TimeSpan> poolDelay, TimeProvider time, Action answered)
{
    private const int SendsToJudge = 64;
    private const int LateShare = 20;

    /// <summary>
    /// How often a send waits for a thread of the gateway: socket, frame, call and hub before the door, the answer, its
    /// frame and its socket behind it; all but one of them unseen from here.
    /// </summary>
    private const int PoolWaits = 6;

    /// <summary>So long after a refusal it is not calm yet.</summary>
    private static readonly TimeSpan RefusesFor = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly AnswerPace _pace = new(time);
    private readonly ReturnTimes _returns = new(options, time);
    private int _limit = Math.Clamp(options.SendsUnderWayFirst, options.SendsUnderWayMin, options.SendsUnderWayMax);
    private int _underWay;
    private int _mostUnderWay;
    private int _judged;
    private int _inTime;
    private long _judgedFrom;
    private long _lastJudged;
    private long _judgedTo = long.MaxValue;
    private long _warmAt = long.MaxValue;
    private long _refusedAt;

    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Sends let in at once, as of now.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <param name="enteredAt">To be given back with <see cref="Leave"/>.</param>
    /// <returns>False: refused; nothing is under way.</returns>
    public bool TryEnter(out long enteredAt)
    {
        lock (_lock)
        {
            enteredAt = time.GetTimestamp();
            if (_warmAt == long.MaxValue)
                _warmAt = enteredAt + (long)(options.WarmUp.TotalSeconds * time.TimestampFrequency);
            if (_underWay < _limit)
            {
                _underWay++;
                _mostUnderWay = Math.Max(_mostUnderWay, _underWay);
                CountIn(enteredAt);
                return true;
            }

            if (!IsRefusing(enteredAt) && enteredAt >= _warmAt) ExpectMore();
            _refusedAt = enteredAt;
        }

        load.Refused();
        OverloadMetrics.Refused();
        return false;
    }

    /// <summary>When whoever was just refused is to come back.</summary>
    public TimeSpan ComeBackIn()
    {
        lock (_lock) return _returns.Next(_pace.PerSecond);
    }

    public void Leave(long enteredAt)
    {
        answered();
        var now = time.GetTimestamp();
        lock (_lock)
        {
            _underWay--;
            _pace.Count(now);
            var within = IsRefusing(now) ? options.SendsWithinRefusing : options.SendsWithin;
            var inside = Longer(within / 2, within - (PoolWaits * poolDelay()));
            var isJudged = _judged > 0 && enteredAt >= _judgedFrom && enteredAt < _judgedTo;
            if (isJudged && time.GetElapsedTime(enteredAt, now) <= inside) _inTime++;
            if (_judgedTo > now || time.GetElapsedTime(_judgedTo, now) < within || _pace.PerSecond == 0) return;
            Judge(Within(_pace.PerSecond, inside));
            (_judged, _inTime, _mostUnderWay, _judgedTo) = (0, 0, _underWay, long.MaxValue);
        }
    }

    /// <summary>
    /// Those who came in together are judged together, once the last of them ought to be answered: to look at answers
    /// as they come would be to look at the quick ones.
    /// </summary>
    private void CountIn(long enteredAt)
    {
        if (_judgedTo != long.MaxValue || enteredAt < _warmAt) return;
        if (_judged == 0) _judgedFrom = enteredAt;
        var isWhole = _judged >= SendsToJudge && time.GetElapsedTime(_judgedFrom, enteredAt) >= options.LookEvery;
        if (isWhole && enteredAt > _lastJudged) _judgedTo = enteredAt;
        else (_judged, _lastJudged) = (_judged + 1, enteredAt);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <param name="inTime">So many are answered in the time that a send may take.</param>
    private void Judge(int inTime)
    {
        // What a burst may bring in before anybody is refused, and be served in time all the same.
        var calm = Math.Max(options.SendsUnderWayCalm, Within(_pace.Best, options.SendsWithin));
        var limit = _limit;
        if ((_judged - _inTime) * LateShare > _judged) limit = Math.Min(inTime, _limit);
        else if (_mostUnderWay > _limit / 2) limit += _limit / 5;
        else limit += (calm - _limit) / 5;
        _limit = Math.Clamp(limit, Within(_pace.Best, options.LetInAtLeast), options.SendsUnderWayMax);
    }

    /// <summary>
    /// The first who is refused after a calm: what the calm let in is already more than can be served soon, so no place
    /// of it is given again. To wait until those inside are late would be to let as many in once more.
    /// </summary>
    private void ExpectMore()
    {
        var soon = Within(_pace.Best, options.SendsWithinRefusing);
        _limit = Math.Min(_limit, Math.Max(options.SendsUnderWayCalm / 2, soon));
    }

    private bool IsRefusing(long now) => _refusedAt != 0 && time.GetElapsedTime(_refusedAt, now) < RefusesFor;

    /// <summary>How many are answered in this time, between the least and the most that are let in.</summary>
    private int Within(double perSecond, TimeSpan span) =>
        (int)Math.Clamp(perSecond * span.TotalSeconds, options.SendsUnderWayMin, options.SendsUnderWayMax);
}
