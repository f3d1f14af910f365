namespace Chat.Load.Direct;

/// <summary>
/// What became of each message of one direct conversation: acknowledged, delivered to the other side, receipted to the
/// sender. A message is complete when its ack and its receipt are back.
/// </summary>
/// <remarks>Thread-safe. Bounded by <see cref="MessagesMax"/>; full, <see cref="TryOpen"/> refuses.</remarks>
internal sealed class Ledger(Recorder recorder)
{
    public const int MessagesMax = 1 << 20;

    private readonly Lock _gate = new();
    private readonly List<int> _bySeq = [-1];
    private Entry[] _entries = new Entry[64];
    private int _count;
    private long _receiptedTo;
    private long _heldTo;
    private long _duplicates;
    private long _conflicts;

    [Flags]
    private enum Steps : byte
    {
        None = 0,
        Acked = 1,
        Pushed = 2,
        CaughtUp = 4,
        Receipted = 8,
    }

    /// <summary>The other side holds everything up to here.</summary>
    public long HeldTo
    {
        get { lock (_gate) return _heldTo; }
    }

    /// <summary>A new message, whose latencies count from <paramref name="startedAt"/>.</summary>
    public bool TryOpen(long startedAt, out int message)
    {
        lock (_gate)
        {
            message = _count;
            if (_count == MessagesMax) return false;
            if (_count == _entries.Length) Array.Resize(ref _entries, _count * 2);
            _entries[_count++].StartedAt = startedAt;
            return true;
        }
    }

    /// <returns>Messages that are complete now.</returns>
    public int Acked(int message, long seq)
    {
        lock (_gate)
        {
            if (!Take(message, seq, Steps.Acked)) return 0;
            recorder.Acked(_entries[message].StartedAt);
            return Completes(message);
        }
    }

    /// <param name="isPush">Else it was asked for, which may well name it again.</param>
    public void Delivered(int message, long seq, bool isPush)
    {
        lock (_gate)
        {
            var isFirst = message < _count && (_entries[message].Steps & (Steps.Pushed | Steps.CaughtUp)) == 0;
            if (!Take(message, seq, isPush ? Steps.Pushed : Steps.CaughtUp) || !isFirst) return;
            recorder.Delivered(_entries[message].StartedAt);
            while (IsHeld(_heldTo + 1)) _heldTo++;
        }
    }

    /// <summary>The other side has marked all up to <paramref name="seq"/>.</summary>
    /// <returns>Messages that are complete now.</returns>
    public int Receipted(long seq)
    {
        lock (_gate)
        {
            var completed = 0;
            for (; _receiptedTo < seq; _receiptedTo++)
            {
                var message = MessageAt(_receiptedTo + 1);
                if (message < 0)
                {
                    // A receipt for what the other side never got.
                    _conflicts++;
                    continue;
                }

                _entries[message].Steps |= Steps.Receipted;
                recorder.Receipted(_entries[message].StartedAt);
                completed += Completes(message);
            }

            return completed;
        }
    }

    public LedgerTotals Totals()
    {
        lock (_gate)
        {
            var entries = _entries.AsSpan(0, _count);
            var (acked, delivered, receipted) = (0, 0, 0);
            foreach (ref readonly var entry in entries)
            {
                if (entry.Steps.HasFlag(Steps.Acked)) acked++;
                if ((entry.Steps & (Steps.Pushed | Steps.CaughtUp)) != 0) delivered++;
                if (entry.Steps.HasFlag(Steps.Receipted)) receipted++;
            }

            return new LedgerTotals(_count, acked, delivered, receipted, _duplicates, _conflicts);
        }
    }

    private bool Take(int message, long seq, Steps step)
    {
        if (message >= _count || seq < 1)
        {
            _conflicts++;
            return false;
        }

        ref var entry = ref _entries[message];
        if (entry.Steps.HasFlag(step))
        {
            if (step != Steps.CaughtUp) _duplicates++;
            return false;
        }

        if (entry.Seq == 0) Place(ref entry, message, seq);
        else if (entry.Seq != seq) _conflicts++;
        entry.Steps |= step;
        return true;
    }

    private void Place(ref Entry entry, int message, long seq)
    {
        // More places than messages: something else writes here, or seq is not contiguous.
        if (seq > MessagesMax || MessageAt(seq) >= 0)
        {
            _conflicts++;
            return;
        }

        while (_bySeq.Count <= seq) _bySeq.Add(-1);
        _bySeq[(int)seq] = message;
        entry.Seq = seq;
    }

    private int MessageAt(long seq) => seq < _bySeq.Count ? _bySeq[(int)seq] : -1;

    private bool IsHeld(long seq) =>
        MessageAt(seq) is var message and >= 0
            && (_entries[message].Steps & (Steps.Pushed | Steps.CaughtUp)) != 0;

    private int Completes(int message)
    {
        const Steps both = Steps.Acked | Steps.Receipted;
        if ((_entries[message].Steps & both) != both) return 0;
        recorder.Complete();
        return 1;
    }

    private struct Entry
    {
        public long StartedAt;
        public long Seq;
        public Steps Steps;
    }
}

/// <summary>The sums of ledgers.</summary>
/// <param name="Duplicates">Acks and pushes that came twice.</param>
/// <param name="Conflicts">A seq of two messages, a message with two, or a receipt for what nobody got.</param>
internal readonly record struct LedgerTotals(
    long Sent, long Acked, long Delivered, long Receipted, long Duplicates, long Conflicts)
{
    public static LedgerTotals operator +(LedgerTotals a, LedgerTotals b) => new(
        a.Sent + b.Sent,
        a.Acked + b.Acked,
        a.Delivered + b.Delivered,
        a.Receipted + b.Receipted,
        a.Duplicates + b.Duplicates,
        a.Conflicts + b.Conflicts);
}
