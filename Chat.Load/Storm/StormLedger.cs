namespace Chat.Load.Storm;

/// <summary>
/// What became of each message of one pair: its seq once acknowledged, and whether the other side got it.
/// </summary>
/// <remarks>Thread-safe. Bounded by <see cref="MessagesMax"/>; full, <see cref="TryOpen"/> refuses.</remarks>
internal sealed class StormLedger
{
    private const int MessagesMax = 1 << 20;

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    public long Conflicts { get; private set; }

    public long DeliveredTwice { get; private set; }

    public int Delivered { get; private set; }

    public int Count
    {
        get { lock (_gate) return _entries.Count; }
    }

    public bool TryOpen(long dueAt, StormRecording recording, out int message)
    {
        lock (_gate)
        {
            message = _entries.Count;
            if (message == MessagesMax) return false;
            _entries.Add(new Entry { DueAt = dueAt, Recording = recording });
            return true;
        }
    }

    /// <returns>False: it was acknowledged before; under another seq that is a conflict.</returns>
    public bool Accept(int message, long seq)
    {
        lock (_gate)
        {
            var entry = _entries[message];
            if (seq < 1 || (entry.Seq != 0 && entry.Seq != seq)) Conflicts++;
            if (entry.Seq != 0) return false;
            entry.Seq = seq;
            return true;
        }
    }

    /// <returns>The message's entry the first time; else null.</returns>
    public Entry? Deliver(int message)
    {
        lock (_gate)
        {
            var entry = message < _entries.Count ? _entries[message] : null;
            if (entry is null) Conflicts++;
            else if (entry.IsDelivered) DeliveredTwice++;
            if (entry is not { IsDelivered: false }) return null;
            entry.IsDelivered = true;
            Delivered++;
            return entry;
        }
    }

    /// <summary>The seq of each message's ack; 0: none came.</summary>
    public long[] Acks()
    {
        lock (_gate) return [.. _entries.Select(entry => entry.Seq)];
    }

    internal sealed class Entry
    {
        public required long DueAt { get; init; }

        public required StormRecording Recording { get; init; }

        public long Seq { get; set; }

        public bool IsDelivered { get; set; }
    }
}
