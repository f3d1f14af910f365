using Chat.Conversations;
using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

internal sealed record MembersRead(UserId UserId, ConversationId ConversationId, UserId? After, int Limit);

/// <summary>Answers pages of members: whether the reader is one of them, then those after the cursor.</summary>
internal static class MembersRound
{
    private const string IsMember =
        """
        SELECT c.kind FROM membership m JOIN conversation c ON c.conversation_id = m.conversation_id
        WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.left_seq IS NULL
        """;

    private const string Page =
        $"""
        SELECT {ViewQueries.MemberColumns} FROM membership m
        WHERE m.conversation_id = $1 AND m.user_id > $2 AND m.left_seq IS NULL
        ORDER BY m.user_id LIMIT $3
        """;

    public static async Task<IReadOnlyList<MemberPage?>> RunAsync(
        NpgsqlDataSource database, IReadOnlyList<MembersRead> reads, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var found = await ReadAsync(connection, reads, cancel);
        var users = found.SelectMany((page, i) => page.Members.Select(row => row.UserId).Append(reads[i].UserId));
        var hidden = await HiddenReadingQuery.ReadAsync(connection, users.ToHashSet(), cancel);
        return [.. found.Select((page, i) => page.Kind is null ? null : Show(page, reads[i], hidden))];
    }

    /// <param name="Kind">Of the conversation; null: the reader is no member.</param>
    private readonly record struct Found(short? Kind, List<MembershipRow> Members);

    private static async Task<Found[]> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<MembersRead> reads, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var read in reads)
        {
            var isMember = new NpgsqlBatchCommand(IsMember);
            isMember.Parameters.With(read.ConversationId.Value).With(read.UserId.Value);
            // One more than the page says whether there is a next one; nobody has the id of zeros.
            var page = new NpgsqlBatchCommand(Page);
            page.Parameters.With(read.ConversationId.Value).With((read.After ?? default).Value).With(read.Limit + 1L);
            batch.BatchCommands.Add(isMember);
            batch.BatchCommands.Add(page);
        }
        var pages = new Found[reads.Count];
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        for (var i = 0; i < pages.Length; i++)
        {
            short? kind = await reader.ReadAsync(cancel) ? reader.GetInt16(0) : null;
            await reader.NextResultAsync(cancel);
            pages[i] = new Found(kind, []);
            while (await reader.ReadAsync(cancel))
                pages[i].Members.Add(ViewQueries.ReadMember(reader, 0));
            await reader.NextResultAsync(cancel);
        }
        return pages;
    }

    private static MemberPage Show(Found page, MembersRead read, HiddenReading hidden)
    {
        var (limit, isDirect) = (read.Limit, page.Kind == ConversationRow.Direct);
        var members = page.Members.ConvertAll(
            row => ConversationView.Show(row, hidden.Between(read.UserId, row.UserId, isDirect)));
        if (members.Count <= limit)
            return new MemberPage(members, NextCursor: null);
        members.RemoveRange(limit, members.Count - limit);
        return new MemberPage(members, MemberCursor.Write(members[^1].UserId));
    }
}
