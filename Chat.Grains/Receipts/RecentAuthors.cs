using Chat.Ids;

namespace Chat.Receipts;

/// <summary>
/// Who wrote a group's last entries, so that a mark is pushed to the authors of what it passes. Bounded; of what is
/// older (or was written before this activation) nothing is known.
/// </summary>
internal sealed class RecentAuthors
{
    private const int EntriesMax = 256;

    private readonly Queue<(long Seq, UserId Author)> _entries = new();

    public void Note(long seq, UserId author)
    {
        if (_entries.Count == EntriesMax) _entries.Dequeue();
        _entries.Enqueue((seq, author));
    }

    /// <summary>The authors of the entries behind one place, up to another.</summary>
    /// <returns>Null: not all of them are known.</returns>
    public HashSet<UserId>? Between(long after, long upTo)
    {
        if (after >= upTo) return [];
        if (_entries.Count == 0 || _entries.Peek().Seq > after + 1) return null;
        return [.. from entry in _entries where entry.Seq > after && entry.Seq <= upTo select entry.Author];
    }
}
