using Chat.Overload;

namespace Chat.Gateway.Overload;

/// <summary>
/// How many sends this gateway has under way at one silo. Let in are as many as get answered in time: the limit grows
/// by a tenth while they do and shrinks by a third when more than one in twenty do not. A refusal costs a look at a
/// counter.
/// </summary>
/// <param name="answered">Told of sends that are no longer under way.</param>
internal sealed class SendDoor(OverloadOptions options, LoadGauge load, TimeProvider time, Action<int> answered)
{
    private const int SendsToJudge = 64;
    private const int LateShare = 20;
    private const int FirstLimit = 4_096;

    private readonly Lock _lock = new();
    private int _limit = Math.Clamp(FirstLimit, options.SendsUnderWayMin, options.SendsUnderWayMax);
    private int _underWay;
    private int _mostUnderWay;
    private int _answered;
    private int _late;
    private long _judgedAt = time.GetTimestamp();

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

    public void Leave(int sends, long enteredAt)
    {
        answered(sends);
        var now = time.GetTimestamp();
        lock (_lock)
        {
            _underWay -= sends;
            // Whoever came in under the limit before says nothing of this one.
            if (enteredAt < _judgedAt) return;
            _answered += sends;
            if (time.GetElapsedTime(enteredAt, now) > options.SendsWithin) _late += sends;
            if (_answered < SendsToJudge || time.GetElapsedTime(_judgedAt, now) < options.LookEvery) return;
            if (_late * LateShare > _answered) SetLimit(Math.Min(_limit, _mostUnderWay) * 2 / 3);
            else if (_mostUnderWay > _limit / 2) SetLimit(_limit + (_limit / 10));
            (_answered, _late, _mostUnderWay, _judgedAt) = (0, 0, _underWay, now);
        }
    }

    private void SetLimit(int limit) =>
        _limit = Math.Clamp(limit, options.SendsUnderWayMin, options.SendsUnderWayMax);
}
