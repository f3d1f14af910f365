using Chat.Conversations;
using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

internal sealed record MembersRead(UserId UserId, ConversationId ConversationId, UserId? After, int Limit);

/// <summary>Answers pages of members: whether the reader is one of them, then those after the cursor.</summary>
internal static class MembersRound
{
    private const string IsMember =
        "SELECT 1 FROM membership WHERE conversation_id = $1 AND user_id = $2 AND left_seq IS NULL";

    private const string Page =
        $"""
        SELECT {ViewQueries.MemberColumns} FROM membership m
        WHERE m.conversation_id = $1 AND m.user_id > $2 AND m.left_seq IS NULL
        ORDER BY m.user_id LIMIT $3
        """;

    public static async Task<IReadOnlyList<MemberPage?>> RunAsync(
        NpgsqlDataSource database, IReadOnlyList<MembersRead> reads, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
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
        var pages = new MemberPage?[reads.Count];
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        for (var i = 0; i < pages.Length; i++)
        {
            var isMember = await reader.ReadAsync(cancel);
            await reader.NextResultAsync(cancel);
            var members = new List<Member>();
            while (await reader.ReadAsync(cancel))
                members.Add(ConversationView.Show(ViewQueries.ReadMember(reader, 0)));
            await reader.NextResultAsync(cancel);
            if (isMember)
                pages[i] = Cut(members, reads[i].Limit);
        }
        return pages;
    }

    private static MemberPage Cut(List<Member> members, int limit)
    {
        if (members.Count <= limit)
            return new MemberPage(members, NextCursor: null);
        members.RemoveRange(limit, members.Count - limit);
        return new MemberPage(members, MemberCursor.Write(members[^1].UserId));
    }
}
