using Chat.Conversations;

namespace Chat.Storage;

/// <summary>
/// Names what is missing between two places, so that no reader mistakes it for loss: what lies before a member's time,
/// and what retention took away.
/// </summary>
internal static class GoneRanges
{
    /// <param name="present">The entries served of it, ascending.</param>
    /// <returns>The holes from <paramref name="fromSeq"/> to <paramref name="toSeq"/>; null: none.</returns>
    public static IReadOnlyList<GoneRange>? Between(long fromSeq, long toSeq, IReadOnlyList<EntryRow> present)
    {
        List<GoneRange>? gone = null;
        var next = fromSeq;
        foreach (var row in present)
        {
            if (row.Seq > next)
                (gone ??= []).Add(new GoneRange(next, row.Seq - 1));
            next = row.Seq + 1;
        }
        if (next <= toSeq)
            (gone ??= []).Add(new GoneRange(next, toSeq));
        return gone;
    }
}
