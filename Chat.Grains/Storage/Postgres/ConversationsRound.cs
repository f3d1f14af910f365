using Chat.Conversations;
using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>
/// Answers many users' reads together: what they list; those conversations with their members; what is unread and how
/// much is missing; the entries; reactions to them. Six round trips at most, however many users.
/// <para><b>Not promised.</b> One snapshot over the statements: what is appended meanwhile is not looked for (every
/// query ends at the <c>lastSeq</c> that was read first) and comes as a push.</para>
/// </summary>
internal static class ConversationsRound
{
    public static async Task<IReadOnlyList<ConversationsAnswer>> RunAsync(
        NpgsqlDataSource database, IReadOnlyList<ConversationsRead> reads, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await ChooseAsync(connection, reads, cancel);

        await EntryQueries.CountAsync(connection, [.. reads.SelectMany(read => read.Counts())], cancel);
        var ranges = new EntryRanges();
        foreach (var read in reads)
        {
            read.Plan();
            foreach (var view in read.Shown)
                ranges.Need(Last(view));
            foreach (var missing in read.Missing)
                ranges.Need(Range(missing));
        }
        await ranges.LoadAsync(connection, cancel);
        return [.. reads.Select(read => Answer(read, ranges))];
    }

    private static async Task ChooseAsync(
        NpgsqlConnection connection, IReadOnlyList<ConversationsRead> reads, CancellationToken cancel)
    {
        var listed = await ViewQueries.ReadListedAsync(
            connection, [.. reads.Where(read => read.WantsListed).Select(read => read.UserId).Distinct()], cancel);
        var wanted = new HashSet<ConversationId>[reads.Count];
        for (var i = 0; i < reads.Count; i++)
        {
            wanted[i] = [.. reads[i].Named];
            if (reads[i].WantsListed)
                wanted[i].UnionWith(listed[reads[i].UserId]);
        }
        var stored = await ViewQueries.ReadViewsAsync(
            connection, [.. wanted.SelectMany((ids, i) => ids.Select(id => (id, reads[i].UserId))).Distinct()], cancel);
        for (var i = 0; i < reads.Count; i++)
            reads[i].Choose(Views(wanted[i], reads[i].UserId, stored));
    }

    /// <summary>Membership is checked here: of what he is no member of, a reader gets nothing.</summary>
    private static List<ConversationView> Views(
        HashSet<ConversationId> ids, UserId userId, StoredViews stored)
    {
        var views = new List<ConversationView>(ids.Count);
        foreach (var id in ids)
        {
            if (!stored.Readers.TryGetValue((id, userId), out var reader)
                || !stored.Conversations.TryGetValue(id, out var row))
            {
                continue;
            }
            var members = ConversationView.ShowsMembers(row, reader.Member)
                ? stored.Members.GetValueOrDefault(id)
                : null;
            views.Add(new ConversationView(row, members, reader, stored.Hidden));
        }
        return views;
    }

    private static ConversationsAnswer Answer(ConversationsRead read, EntryRanges ranges)
    {
        var conversations = read.Shown.ConvertAll(view =>
        {
            var last = ranges.Messages(Last(view), view.LastSeq);
            return view.Show(last.Count > 0 ? last[0] : null, read.Unread(view));
        });
        var messages = new List<Message>();
        List<GoneInConversation>? gone = null;
        foreach (var missing in read.Missing)
        {
            var id = missing.View.Conversation.Id;
            messages.AddRange(ranges.Messages(Range(missing), missing.ToSeq));
            var holes = GoneRanges.Between(missing.FromSeq, missing.ToSeq, ranges.Rows(Range(missing)));
            foreach (var hole in holes ?? [])
                (gone ??= []).Add(new GoneInConversation(id, hole.FromSeq, hole.ToSeq));
        }
        return read.Answer(conversations, messages, gone);
    }

    private static EntryRange Last(ConversationView view) => new(
        view.Conversation.Id, Math.Max(view.LastSeq, view.Window.FromSeq), view.LastSeq);

    private static EntryRange Range(MissingEntries missing) => new(
        missing.View.Conversation.Id, Math.Max(missing.FromSeq, missing.View.Window.FromSeq), missing.ToSeq);
}
