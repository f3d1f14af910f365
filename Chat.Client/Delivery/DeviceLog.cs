namespace Chat.Client;

/// <summary>
/// All conversations' logs of one device. Written by the <see cref="Inbox"/>'s one thread at a time; the cursors may be
/// read from any.
/// </summary>
/// <remarks>
/// It grows with the conversations that the user has, and holds back at most <c>aheadMax</c> entries.
/// </remarks>
internal sealed class DeviceLog
{
    // A hub message may have 128 KiB, and a conversation held takes some 110 bytes of it.
    private const int NamedMax = 800;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ConversationLog> _logs = new(StringComparer.Ordinal);
    private readonly string _userId;
    private readonly int _aheadMax;
    private readonly MarkSender _marks;
    private readonly Action<LogEntry> _raise;
    private readonly Action<GoneRange> _raiseGone;
    private long _lastOfOthers;
    private int _ahead;
    private long _stamp;

    public DeviceLog(
        string userId, int aheadMax, MarkSender marks, Action<LogEntry> raise, Action<GoneRange> raiseGone)
    {
        (_userId, _aheadMax, _marks, _raiseGone) = (userId, aheadMax, marks, raiseGone);
        _raise = entry =>
        {
            raise(entry);
            if (!entry.IsOwn) _lastOfOthers = entry.Message.Seq;
        };
    }

    public void Import(CursorSnapshot snapshot)
    {
        foreach (var cursor in snapshot.Conversations)
        {
            var log = GetOrAdd(cursor.ConversationId, out _);
            log.StartAt(cursor.Seq);
            log.Version = cursor.Version;
            _marks.Restore(log.Marks, cursor.Seq, cursor.ReadSeq);
        }
    }

    public CursorSnapshot Export()
    {
        lock (_gate)
        {
            var cursors = _logs.Values.Select(log => new Cursor
            {
                ConversationId = log.ConversationId,
                Seq = log.Held,
                Version = log.Version,
                ReadSeq = log.Marks.ReadWanted,
            });
            return new CursorSnapshot { Conversations = [.. cursors] };
        }
    }

    /// <summary>
    /// What <c>Resume</c> is told: the conversations that changed last, as many as fit into one call.
    /// </summary>
    public IReadOnlyList<HeldConversation> Held()
    {
        lock (_gate)
        {
            IEnumerable<ConversationLog> named = _logs.Values;
            if (_logs.Count > NamedMax) named = named.OrderByDescending(log => log.Stamp).Take(NamedMax);
            return
            [
                .. named.Select(log => new HeldConversation
                {
                    ConversationId = log.ConversationId,
                    Seq = log.Held,
                    Version = log.Version,
                }),
            ];
        }
    }

    public ConversationMarks MarksOf(string conversationId) => GetOrAdd(conversationId, out _).Marks;

    public long HeldOf(string conversationId) => Find(conversationId)?.Held ?? 0;

    public long FirstHeldBackOf(string conversationId) => Find(conversationId)?.FirstHeldBack ?? 0;

    public bool HasGap(string conversationId) => Find(conversationId)?.HasGap ?? false;

    /// <summary>Takes one entry in.</summary>
    /// <returns>True: there is a gap before it.</returns>
    public bool Offer(Message message, EntrySource source)
    {
        var log = GetOrAdd(message.ConversationId, out _);
        var before = log.AheadCount;
        var taken = log.Offer(Entry(message, source), _aheadMax - _ahead, _raise);
        _ahead += log.AheadCount - before;
        if (!taken) _ahead -= log.DropAhead();
        Changed(log);
        return log.HasGap;
    }

    /// <summary>Hears that an entry exists.</summary>
    /// <returns>True: the device lacks something.</returns>
    public bool Learn(string conversationId, long seq)
    {
        var log = GetOrAdd(conversationId, out _);
        log.Learn(seq);
        return log.HasGap;
    }

    /// <summary>Takes a conversation's state in.</summary>
    /// <param name="conversation">As the server gave it.</param>
    /// <param name="fromItsEnd">If the conversation is new to the device, start at its end.</param>
    /// <returns>True: the device lacks something.</returns>
    public bool Learn(Conversation conversation, bool fromItsEnd = false)
    {
        var log = GetOrAdd(conversation.ConversationId, out var isNew);
        log.Version = conversation.Version;
        if (isNew && fromItsEnd) log.StartAt(conversation.ReadableSeq);
        log.Learn(conversation.ReadableSeq);
        _marks.Confirm(log.Marks, conversation.DeliveredSeq, conversation.ReadSeq);
        return log.HasGap;
    }

    /// <summary>Takes in an answer that is whole after what the device held.</summary>
    /// <returns>The first seq after a hole that it does not explain.</returns>
    public long? Apply(string conversationId, IEnumerable<Message> messages, IEnumerable<GoneRange> gone)
    {
        var log = GetOrAdd(conversationId, out _);
        var before = log.AheadCount;
        var hole = log.Apply(
            [.. messages.OrderBy(message => message.Seq).Select(message => Entry(message, EntrySource.CatchUp))],
            [.. gone.OrderBy(range => range.FromSeq)],
            _raise,
            _raiseGone);
        _ahead += log.AheadCount - before;
        if (hole is { } seq) log.Learn(seq);
        Changed(log);
        return hole;
    }

    /// <summary>Gives up on everything before <paramref name="seq"/>.</summary>
    public void SkipTo(string conversationId, long seq)
    {
        var log = GetOrAdd(conversationId, out _);
        var before = log.AheadCount;
        log.Skip(seq - 1, _raise, _raiseGone);
        _ahead += log.AheadCount - before;
        Changed(log);
    }

    /// <summary>The server has no more than this; what is held back stays.</summary>
    public void ForgetUnheard(string conversationId) => Find(conversationId)?.ForgetUnheard();

    private void Changed(ConversationLog log)
    {
        log.Stamp = ++_stamp;
        if (_lastOfOthers == 0) return;
        _marks.Got(log.Marks, _lastOfOthers);
        _lastOfOthers = 0;
    }

    private LogEntry Entry(Message message, EntrySource source) => new(message, message.SenderId == _userId, source);

    private ConversationLog? Find(string conversationId)
    {
        lock (_gate) return _logs.GetValueOrDefault(conversationId);
    }

    private ConversationLog GetOrAdd(string conversationId, out bool isNew)
    {
        lock (_gate)
        {
            isNew = !_logs.TryGetValue(conversationId, out var log);
            if (log is null) _logs.Add(conversationId, log = new ConversationLog(conversationId));
            return log;
        }
    }
}
