using Chat.Ids;

namespace Chat.Receipts;

/// <summary>
/// How many members have got and read the last entries of a large group, for their authors. A mark counts in the few
/// entries that it passes, so its cost does not grow with the group; what is told goes in steps.
/// <para><b>Bound.</b> The last <see cref="EntriesMax"/> entries of this activation; older ones are not told of any
/// more, and "message info" stays exact for all.</para>
/// </summary>
internal sealed class ReceiptTally
{
    private const int EntriesMax = 32;

    /// <summary>An author is told once so many more of the members have it: 5 % steps; or when it rests.</summary>
    private const int Steps = 20;

    private readonly Queue<Counted> _entries = new();

    private sealed class Counted(long seq, UserId author, int members)
    {
        public long Seq => seq;
        public UserId Author => author;
        public int Members => members;
        public int Delivered { get; set; }
        public int Read { get; set; }
        public int Told { get; set; }
        public bool IsMoving { get; set; }
        public bool IsDue => Sum > Told && (!IsMoving || Sum == 2 * members || Sum - Told >= members / Steps);
        public int Sum => Delivered + Read;
    }

    /// <summary>There is something to tell, now or once it rests.</summary>
    public bool IsWaiting => _entries.Any(entry => entry.Sum > entry.Told);

    /// <param name="members">Who are to get it, without its author.</param>
    public void Add(long seq, UserId author, int members)
    {
        if (_entries.Count == EntriesMax) _entries.Dequeue();
        _entries.Enqueue(new Counted(seq, author, members));
    }

    /// <param name="joinedSeq">What lay before it was not for this member.</param>
    public void Count(UserId member, long joinedSeq, Watermarks before, Watermarks after)
    {
        foreach (var entry in _entries)
        {
            if (entry.Seq < joinedSeq || entry.Author == member) continue;
            var delivered = before.DeliveredSeq < entry.Seq && after.DeliveredSeq >= entry.Seq;
            var read = before.ReadSeq < entry.Seq && after.ReadSeq >= entry.Seq;
            if (delivered) entry.Delivered++;
            if (read) entry.Read++;
            entry.IsMoving |= delivered || read;
        }
    }

    /// <summary>What is to be told now. Called at most once a second.</summary>
    public List<(UserId Author, ReceiptCounts Counts)> TakeDue(ConversationId conversation)
    {
        var due = new List<(UserId, ReceiptCounts)>();
        foreach (var entry in _entries)
        {
            if (entry.IsDue)
            {
                entry.Told = entry.Sum;
                due.Add((entry.Author, new ReceiptCounts(
                    conversation, entry.Seq, entry.Delivered, entry.Read, entry.Members)));
            }

            entry.IsMoving = false;
        }

        return due;
    }
}
