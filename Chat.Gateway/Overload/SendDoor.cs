using Chat.Overload;

namespace Chat.Gateway.Overload;

/// <summary>
/// How many sends this gateway has under way at one silo, and how many it may: as many as get answered in time. While
/// more than one in twenty are late, the limit is what was answered in the time that a send may take; while they are
/// not and most of it is used, it grows by a tenth; unused it comes back to a calm's.
/// <para><b>Cost.</b> A refusal is a look at a counter.</para>
/// </summary>
/// <param name="poolDelay">How long work waits for a thread here.</param>
/// <param name="answered">Told of sends that are no longer under way.</param>
internal sealed class SendDoor(
    OverloadOptions options, LoadGauge load, Func<TimeSpan> poolDelay, TimeProvider time, Action<int> answered)
{
    private const int SendsToJudge = 64;
    private const int LateShare = 20;
    /// <summary>
    /// How often a send waits for a thread of the gateway: socket, frame, call and hub before the door, the answer, its
    /// frame and its socket behind it; all but one of them unseen from here.
    /// </summary>
    private const int PoolWaits = 6;

    /// <summary>What comes back is taken to be served at this pace at least.</summary>
    private const int PerSecondMin = 100;

    /// <summary>How much of what was used a calm leaves open.</summary>
    private const int CalmTimes = 16;

    private readonly Lock _lock = new();
    private int _limit = Math.Clamp(options.SendsUnderWayFirst, options.SendsUnderWayMin, options.SendsUnderWayMax);
    private int _underWay;
    private int _mostUnderWay;
    private int _answered;
    private int _late;
    private long _judgedAt = time.GetTimestamp();
    private long _warmAt = long.MaxValue;
    private long _countedFrom = time.GetTimestamp();
    private int _counted;
    private double _perSecond;
    private long _backAt;

    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Sends let in at once, as of now.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <param name="sends">They are let in together or not at all.</param>
    /// <param name="enteredAt">To be given back with <see cref="Leave"/>.</param>
    /// <returns>False: refused; nothing is under way.</returns>
    public bool TryEnter(int sends, out long enteredAt)
    {
        enteredAt = time.GetTimestamp();
        lock (_lock)
        {
            if (_warmAt == long.MaxValue)
                _warmAt = enteredAt + (long)(options.WarmUp.TotalSeconds * time.TimestampFrequency);
            if (_underWay + sends <= _limit)
            {
                _underWay += sends;
                _mostUnderWay = Math.Max(_mostUnderWay, _underWay);
                return true;
            }
        }

        load.Refused();
        OverloadMetrics.Refused(sends);
        return false;
    }

    /// <summary>
    /// When those who were just refused are to come back: behind all who were refused before, at the pace of the
    /// answers. So what comes back is about as much as can be served, however many were refused.
    /// </summary>
    public TimeSpan ComeBackIn(int sends)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            var pace = Math.Max(_perSecond, PerSecondMin);
            _backAt = Math.Max(_backAt, now) + (long)(sends / pace * time.TimestampFrequency);
            var wait = options.ComeBackAfter + time.GetElapsedTime(now, _backAt);
            if (wait <= options.ComeBackMax) return wait;
            _backAt = now + (long)((options.ComeBackMax - options.ComeBackAfter).TotalSeconds * time.TimestampFrequency);
            return options.ComeBackMax;
        }
    }

    /// <param name="arrivedAt">Of the first of them: it may have waited for its device's sends before it.</param>
    public void Leave(int sends, long arrivedAt, long enteredAt)
    {
        answered(sends);
        var now = time.GetTimestamp();
        lock (_lock)
        {
            _underWay -= sends;
            Count(sends, now);
            // Whoever came in under the limit before says nothing of this one.
            if (enteredAt < _judgedAt || now < _warmAt) return;
            _answered += sends;
            var within = options.SendsWithin - (PoolWaits * poolDelay());
            if (time.GetElapsedTime(arrivedAt, now) > within) _late += sends;
            if (_answered < SendsToJudge || _perSecond == 0) return;
            if (time.GetElapsedTime(_judgedAt, now) < options.LookEvery) return;
            Judge((int)Math.Clamp(_perSecond * within.TotalSeconds, 0, options.SendsUnderWayMax));
            (_answered, _late, _mostUnderWay, _judgedAt) = (0, 0, _underWay, now);
        }
    }

    /// <summary>Answers come in waves, as commits do: the pace is that of whole seconds.</summary>
    private void Count(int sends, long now)
    {
        var took = time.GetElapsedTime(_countedFrom, now).TotalSeconds;
        if (took >= 1) (_perSecond, _counted, _countedFrom) = (_counted / took, 0, now);
        _counted += sends;
    }

    /// <param name="inTime">So many are answered in the time that a send may take.</param>
    private void Judge(int inTime)
    {
        var calm = Math.Max(options.SendsUnderWayCalm, Math.Max(_mostUnderWay * CalmTimes, inTime));
        var limit = _limit;
        if (_late * LateShare > _answered) limit = Math.Min(inTime, _limit);
        else if (_mostUnderWay > _limit / 2) limit += _limit / 10;
        else limit += (calm - _limit) / 10;
        _limit = Math.Clamp(limit, options.SendsUnderWayMin, options.SendsUnderWayMax);
    }
}
