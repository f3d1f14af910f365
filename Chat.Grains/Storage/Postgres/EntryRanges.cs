using Chat.Conversations;
using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>
/// Pieces of logs that a round of reads needs, each read once whoever asks, with the reactions to them.
/// </summary>
internal sealed class EntryRanges
{
    private readonly Dictionary<EntryRange, List<EntryRow>> _rows = [];
    private Dictionary<(ConversationId, long), List<ReactionRow>> _reactions = [];

    public void Need(EntryRange range)
    {
        if (range.FromSeq <= range.ToSeq && range.ToSeq > 0)
            _rows.TryAdd(range, []);
    }

    public async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        EntryRange[] ranges = [.. _rows.Keys];
        var found = await EntryQueries.ReadRangesAsync(connection, ranges, cancel);
        var reacted = new HashSet<(ConversationId, long)>();
        for (var i = 0; i < ranges.Length; i++)
        {
            _rows[ranges[i]] = found[i];
            foreach (var row in found[i])
            {
                if (row.ShowsReactions)
                    reacted.Add((ranges[i].ConversationId, row.Seq));
            }
        }
        _reactions = await EntryQueries.ReadReactionsAsync(connection, [.. reacted], cancel);
    }

    public IReadOnlyList<EntryRow> Rows(EntryRange range) => _rows.TryGetValue(range, out var rows) ? rows : [];

    /// <param name="toSeq">The last entry that the reader may know of, reactions included.</param>
    public List<Message> Messages(EntryRange range, long toSeq)
    {
        var messages = new List<Message>();
        foreach (var row in Rows(range))
        {
            var reactions = row.ShowsReactions && _reactions.TryGetValue((range.ConversationId, row.Seq), out var rows)
                ? ReactionFold.Fold(rows, toSeq)
                : null;
            messages.Add(row.ToMessage(range.ConversationId, reactions));
        }
        return messages;
    }
}
