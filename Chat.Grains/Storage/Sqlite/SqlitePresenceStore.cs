using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>What presence and privacy keep, in the one file.</summary>
internal sealed class SqlitePresenceStore(SqliteDatabase database) : IPresenceStore
{
    public Task SaveLastSeenAsync(
        IReadOnlyList<(UserId User, DateTimeOffset At)> seen, CancellationToken cancel) =>
        seen.Count == 0 ? Task.CompletedTask : database.WriteInTurnAsync(
            session =>
            {
                foreach (var (user, at) in seen)
                    session.Get(
                        """
                        INSERT INTO last_seen (user_id, at) VALUES (?, ?)
                        ON CONFLICT (user_id) DO UPDATE SET at = excluded.at WHERE last_seen.at < excluded.at
                        """)
                        .Bind(1, user).Bind(2, at.ToUnixTimeMilliseconds()).Run();
                return true;
            },
            cancel);

    public Task<IReadOnlyList<(UserId User, DateTimeOffset At)>> GetLastSeenAsync(
        IReadOnlyList<UserId> users, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<(UserId, DateTimeOffset)>>(
            session =>
            {
                var seen = new List<(UserId, DateTimeOffset)>();
                foreach (var user in users)
                    if (session.Get("SELECT at FROM last_seen WHERE user_id = ?").Bind(1, user).Scalar() is { } at)
                        seen.Add((user, DateTimeOffset.FromUnixTimeMilliseconds(at)));
                return seen;
            },
            cancel);

    public Task<IReadOnlyList<ContactAnswer>> FindContactsAsync(
        UserId owner, IReadOnlyList<ContactQuestion> questions, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<ContactAnswer>>(
            session => [.. questions.Select(question => Look(session, owner, question))], cancel);

    public Task SetReadingHiddenAsync(UserId user, UserId? from, bool hidden, CancellationToken cancel) =>
        database.WriteAsync(session => hidden ? Hide(session, user, from) : Show(session, user, from), cancel);

    public Task<IReadOnlyList<UserId>> FindHidingReadingAsync(
        IReadOnlyList<UserId> users, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<UserId>>(
            session =>
                [.. users.Where(user => SqliteHiddenReading.Hides(session, user, HiddenReading.Everybody))],
            cancel);

    private static ContactAnswer Look(SqliteSession session, UserId owner, ContactQuestion question)
    {
        var sentSeq = session.Get(
            """
            SELECT seq FROM message
            WHERE conversation_key = (SELECT key FROM conversation WHERE conversation_id = ?) AND seq > ?
                AND sender_key = (SELECT key FROM user_key WHERE user_id = ?)
            ORDER BY seq LIMIT 1
            """)
            .Bind(1, question.Direct).Bind(2, question.AfterSeq).Bind(3, owner).Scalar();
        var lastSeq = session.Get(
            """
            SELECT max(seq) FROM message
            WHERE conversation_key = (SELECT key FROM conversation WHERE conversation_id = ?)
            """)
            .Bind(1, question.Direct).Scalar();
        return new ContactAnswer(question.Other, sentSeq, lastSeq ?? question.AfterSeq);
    }

    private static bool Hide(SqliteSession session, UserId user, UserId? from) =>
        session.Get("INSERT INTO reading_hidden (user_id, from_id) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .Bind(1, user).Bind(2, from ?? HiddenReading.Everybody).Run() > 0;

    private static bool Show(SqliteSession session, UserId user, UserId? from) =>
        session.Get("DELETE FROM reading_hidden WHERE user_id = ? AND from_id = ?")
            .Bind(1, user).Bind(2, from ?? HiddenReading.Everybody).Run() > 0;
}
