using Chat.Conversations;

namespace Chat.Storage;

/// <summary>Which entries a history page needs, and what becomes of those that were found.</summary>
/// <param name="Below">Exclusive: entries before it are read downward; null: none are.</param>
/// <param name="Above">Exclusive: entries after it are read upward; null: none are.</param>
/// <param name="Take">At most so many each way: one more than the page, which says whether there is more.</param>
internal readonly record struct HistoryWindow(long? Below, long? Above, int Take, int Limit)
{
    public static HistoryWindow Of(HistoryQuery query) => query switch
    {
        { Around: { } centre } => new(Increment(centre), centre, query.Limit + 1, query.Limit),
        { After: { } after } => new(null, after, query.Limit + 1, query.Limit),
        _ => new(query.Before ?? long.MaxValue, null, query.Limit + 1, query.Limit),
    };

    /// <param name="lastSeq">The last entry that the reader may read.</param>
    /// <param name="below">Found below, descending.</param>
    /// <param name="above">Found above, ascending.</param>
    public HistorySlice Cut(long lastSeq, IReadOnlyList<EntryRow> below, IReadOnlyList<EntryRow> above)
    {
        // Around: half of the page each way, and what one side lacks goes to the other.
        var fromBelow = Above is null
            ? Math.Min(Limit, below.Count)
            : Below is null ? 0 : Math.Min(below.Count, Math.Max(Limit - Limit / 2, Limit - above.Count));
        var fromAbove = Math.Min(above.Count, Limit - fromBelow);
        var rows = new List<EntryRow>(fromBelow + fromAbove);
        for (var i = fromBelow - 1; i >= 0; i--)
            rows.Add(below[i]);
        for (var i = 0; i < fromAbove; i++)
            rows.Add(above[i]);

        var moreBelow = below.Count > fromBelow;
        var moreAbove = above.Count > fromAbove;
        // Where nothing more follows, the page reaches to the end of the log, so that its gap is named too.
        var from = Below is null ? Increment(Above ?? 0) : moreBelow ? rows[0].Seq : 1;
        var to = Above is null ? Math.Min(lastSeq, (Below ?? 1) - 1) : moreAbove ? rows[^1].Seq : lastSeq;
        return new HistorySlice(rows, GoneRanges.Between(Math.Max(1, from), to, rows), moreBelow || moreAbove);
    }

    private static long Increment(long seq) => seq == long.MaxValue ? seq : seq + 1;
}

/// <summary>A page before its contents are unpacked.</summary>
internal readonly record struct HistorySlice(
    IReadOnlyList<EntryRow> Rows, IReadOnlyList<GoneRange>? Gone, bool HasMore);
