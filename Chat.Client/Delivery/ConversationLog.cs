namespace Chat.Client;

/// <summary>
/// How much of one conversation's log a device holds, and what it holds back until the gap before it is closed.
/// </summary>
/// <remarks>
/// Invariants: everything up to <see cref="Held"/> was raised once or is gone; what is held back lies after
/// <c>Held + 1</c>. Not thread-safe but for reading <see cref="Held"/>; <see cref="DeviceLog"/> owns it.
/// </remarks>
internal sealed class ConversationLog(string conversationId)
{
    private SortedList<long, LogEntry>? _ahead;
    private long _held;

    public string ConversationId => conversationId;

    /// <summary>The contiguous seq.</summary>
    public long Held
    {
        get => Volatile.Read(ref _held);
        private set => Volatile.Write(ref _held, value);
    }

    /// <summary>The highest seq heard of.</summary>
    public long Known { get; private set; }

    public string? Version { get; set; }

    /// <summary>When it last changed, in the order of the device's changes.</summary>
    public long Stamp { get; set; }

    public ConversationMarks Marks { get; } = new(conversationId);

    public bool HasGap => Known > Held;

    /// <summary>The first entry that is held back; without one, what comes after all that is known.</summary>
    public long FirstHeldBack => _ahead is { Count: > 0 } ahead ? ahead.Keys[0] : Known + 1;

    public int AheadCount => _ahead?.Count ?? 0;

    /// <summary>Takes the device's word for what it holds; for a log that is new here.</summary>
    public void StartAt(long seq)
    {
        Held = seq;
        Known = Math.Max(Known, seq);
    }

    public void Learn(long seq) => Known = Math.Max(Known, seq);

    /// <summary>The server has nothing to fill the gap with but what is held back.</summary>
    public void ForgetUnheard() => Known = _ahead is { Count: > 0 } ahead ? Math.Max(ahead.Keys[^1], Held) : Held;

    /// <summary>Takes an entry in; those that are next in turn are given to <paramref name="raise"/>.</summary>
    /// <returns>False: it would have to be held back, and there is no room.</returns>
    public bool Offer(in LogEntry entry, int room, Action<LogEntry> raise)
    {
        var seq = entry.Message.Seq;
        if (seq <= Held) return true;
        Learn(seq);
        if (seq == Held + 1)
        {
            Advance(entry, raise);
            return true;
        }

        if (_ahead?.ContainsKey(seq) == true) return true;
        if (room <= 0) return false;
        (_ahead ??= new SortedList<long, LogEntry>(4)).Add(seq, entry);
        return true;
    }

    /// <summary>Lets go of what is held back; it stays known, so it will be read again.</summary>
    public int DropAhead()
    {
        var count = AheadCount;
        _ahead = null;
        return count;
    }

    /// <summary>
    /// Takes in an answer that claims to be whole after <see cref="Held"/>: entries and gone ranges, each ascending.
    /// </summary>
    /// <returns>The first seq after a hole that the answer does not explain; it stopped there. Null: none.</returns>
    public long? Apply(
        IReadOnlyList<LogEntry> entries,
        IReadOnlyList<GoneRange> gone,
        Action<LogEntry> raise,
        Action<GoneRange> raiseGone)
    {
        var (e, g) = (0, 0);
        while (e < entries.Count || g < gone.Count)
        {
            var isEntry = g == gone.Count || (e < entries.Count && entries[e].Message.Seq <= gone[g].FromSeq);
            var (from, to) = isEntry
                ? (entries[e].Message.Seq, entries[e].Message.Seq)
                : (gone[g].FromSeq, gone[g].ToSeq);
            if (to > Held && from > Held + 1) return from;
            if (to > Held && isEntry) Advance(entries[e], raise);
            else if (to > Held) Skip(to, raise, raiseGone);
            if (isEntry) e++;
            else g++;
        }

        return null;
    }

    /// <summary>Treats everything up to <paramref name="to"/> as gone.</summary>
    public void Skip(long to, Action<LogEntry> raise, Action<GoneRange> raiseGone)
    {
        if (to <= Held) return;
        var range = new GoneRange { ConversationId = conversationId, FromSeq = Held + 1, ToSeq = to };
        while (_ahead is { Count: > 0 } && _ahead.Keys[0] <= to) _ahead.RemoveAt(0);
        Held = to;
        Known = Math.Max(Known, to);
        raiseGone(range);
        RaiseAhead(raise);
    }

    private void Advance(in LogEntry entry, Action<LogEntry> raise)
    {
        Held = entry.Message.Seq;
        Known = Math.Max(Known, Held);
        if (_ahead is { Count: > 0 } && _ahead.Keys[0] == Held) _ahead.RemoveAt(0);
        raise(entry);
        RaiseAhead(raise);
    }

    private void RaiseAhead(Action<LogEntry> raise)
    {
        while (_ahead is { Count: > 0 } && _ahead.Keys[0] == Held + 1)
        {
            var entry = _ahead.Values[0];
            _ahead.RemoveAt(0);
            Held++;
            raise(entry);
        }

        if (_ahead is { Count: 0 }) _ahead = null;
    }
}
