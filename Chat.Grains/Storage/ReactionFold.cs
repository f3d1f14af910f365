using Chat.Conversations;
using Chat.Ids;

namespace Chat.Storage;

/// <summary>
/// What a message's reaction entries come to: of each user the last one, unless it took the others back.
/// </summary>
internal static class ReactionFold
{
    /// <param name="rows">All reaction entries about one message, ascending by seq.</param>
    /// <param name="toSeq">The last entry that the reader may know of.</param>
    /// <returns>Emoji in the order of the oldest reaction that still holds; null: none does.</returns>
    public static IReadOnlyList<Reaction>? Fold(IReadOnlyList<ReactionRow> rows, long toSeq)
    {
        var last = new Dictionary<UserId, ReactionRow>();
        foreach (var row in rows)
        {
            if (row.Seq > toSeq)
                break;
            last[row.UserId] = row;
        }
        Reaction[] reactions = [.. last.Values
            .Where(row => row.Emoji is not null)
            .OrderBy(row => row.Seq)
            .GroupBy(row => row.Emoji!, StringComparer.Ordinal)
            .Select(group => new Reaction(group.Key, [.. group.Select(row => row.UserId)]))];
        return reactions.Length > 0 ? reactions : null;
    }
}
