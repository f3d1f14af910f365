using Chat.Ids;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>What presence and privacy keep, on PostgreSQL.</summary>
internal sealed class PostgresPresenceStore(NpgsqlDataSource database) : IPresenceStore
{
    public async Task SaveLastSeenAsync(
        IReadOnlyList<(UserId User, DateTimeOffset At)> seen, CancellationToken cancel)
    {
        if (seen.Count == 0) return;
        // In one order everywhere, so that two silos never wait for each other.
        var rows = seen.OrderBy(row => row.User).ToArray();
        await using var command = database.CreateCommand(
            """
            INSERT INTO last_seen (user_id, at) SELECT * FROM unnest($1, $2)
            ON CONFLICT (user_id) DO UPDATE SET at = excluded.at WHERE last_seen.at < excluded.at
            """);
        command.Parameters
            .With(Array.ConvertAll(rows, row => row.User.Value))
            .With(Array.ConvertAll(rows, row => row.At.UtcDateTime));
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<IReadOnlyList<(UserId User, DateTimeOffset At)>> GetLastSeenAsync(
        IReadOnlyList<UserId> users, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT user_id, at FROM last_seen WHERE user_id = ANY($1)");
        command.Parameters.With(Values(users));
        var seen = new List<(UserId, DateTimeOffset)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            seen.Add((new UserId(reader.GetGuid(0)), new DateTimeOffset(reader.GetDateTime(1))));
        return seen;
    }

    /// <summary>
    /// Where a first one is known already, it is looked at by its place: the planner may read all that follows to find
    /// the first of it.
    /// </summary>
    public async Task<IReadOnlyList<ContactAnswer>> FindContactsAsync(
        UserId owner, IReadOnlyList<ContactQuestion> questions, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            SELECT q.user_id,
                coalesce(
                    (SELECT m.seq FROM message m
                    WHERE m.conversation_id = q.conversation_id AND m.seq = q.after_seq + 1 AND m.sender_id = $4),
                    (SELECT m.seq FROM message m
                    WHERE m.conversation_id = q.conversation_id AND m.seq > q.after_seq AND m.sender_id = $4
                    ORDER BY m.seq LIMIT 1)),
                coalesce(
                    (SELECT m.seq FROM message m WHERE m.conversation_id = q.conversation_id
                    ORDER BY m.seq DESC LIMIT 1), q.after_seq)
            FROM unnest($1, $2, $3) AS q (user_id, conversation_id, after_seq)
            """);
        command.Parameters
            .With([.. questions.Select(question => question.Other.Value)])
            .With([.. questions.Select(question => question.Direct.Value)])
            .With([.. questions.Select(question => question.AfterSeq)])
            .With(owner.Value);
        var answers = new List<ContactAnswer>(questions.Count);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            answers.Add(new ContactAnswer(
                new UserId(reader.GetGuid(0)), reader.NumberOrNull(1), reader.GetInt64(2)));
        return answers;
    }

    public async Task SetReadingHiddenAsync(UserId user, UserId? from, bool hidden, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(hidden
            ? "INSERT INTO reading_hidden (user_id, from_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
            : "DELETE FROM reading_hidden WHERE user_id = $1 AND from_id = $2");
        command.Parameters.With(user.Value).With((from ?? HiddenReading.Everybody).Value);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<IReadOnlyList<UserId>> FindHidingReadingAsync(
        IReadOnlyList<UserId> users, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT user_id FROM reading_hidden WHERE user_id = ANY ($1) AND from_id = $2");
        command.Parameters.With(Values(users)).With(HiddenReading.Everybody.Value);
        return await ReadUsersAsync(command, cancel);
    }

    private static Guid[] Values(IReadOnlyList<UserId> users) => [.. users.Select(user => user.Value)];

    private static async Task<IReadOnlyList<UserId>> ReadUsersAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        var users = new List<UserId>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) users.Add(new UserId(reader.GetGuid(0)));
        return users;
    }
}
