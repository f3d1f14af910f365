using Chat.Ids;
using Chat.Users;

namespace Chat.Storage.Sqlite;

/// <summary>Who exists, in the one file.</summary>
internal sealed class SqliteAccountStore(SqliteDatabase database) : IAccountStore
{
    public Task<bool> TryCreateAsync(
        Account account, string passwordHash, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(session => TryInsert(session, account, passwordHash, now), cancel);

    public Task<Account?> GetAsync(UserId id, CancellationToken cancel) =>
        database.ReadAsync(session => Get(session, id), cancel);

    public Task<bool> AllExistAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancel) =>
        database.ReadAsync(session => ids.All(id => Get(session, id) is not null), cancel);

    public Task<(Account Account, string? PasswordHash)?> FindAsync(string username, CancellationToken cancel) =>
        database.ReadAsync<(Account, string?)?>(
            session =>
            {
                var row = session.Get(
                    "SELECT user_id, username, display_name, password_hash FROM account WHERE username_folded = ?")
                    .Bind(1, Fold(username));
                if (!row.Step())
                    return null;
                var found = (Account(row), row.Text(3));
                row.Reset();
                return found;
            },
            cancel);

    public Task ReplaceHashAsync(UserId id, string oldHash, string newHash, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.Get("UPDATE account SET password_hash = ? WHERE user_id = ? AND password_hash = ?")
                .Bind(1, newHash).Bind(2, id).Bind(3, oldHash).Run(),
            cancel);

    public Task<Account> EnsureExternalAsync(Account wished, DateTimeOffset now, CancellationToken cancel) =>
        database.WriteAsync(session => EnsureExternal(session, wished, now), cancel);

    private static Account EnsureExternal(SqliteSession session, Account wished, DateTimeOffset now)
    {
        if (Get(session, wished.UserId) is { } known)
            return known;
        foreach (var username in ExternalUsername.Candidates(wished))
        {
            var account = wished with { Username = username };
            if (TryInsert(session, account, passwordHash: null, now))
                return account;
        }

        throw new InvalidOperationException("Every username that this user could have is taken.");
    }

    private static bool TryInsert(SqliteSession session, Account account, string? passwordHash, DateTimeOffset now) =>
        session.Get(
            """
            INSERT INTO account (user_id, username, username_folded, display_name, password_hash, created_at)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """)
            .Bind(1, account.UserId)
            .Bind(2, account.Username)
            .Bind(3, Fold(account.Username))
            .Bind(4, account.DisplayName)
            .Bind(5, passwordHash)
            .Bind(6, now.ToUnixTimeMilliseconds())
            .Run() > 0;

    private static Account? Get(SqliteSession session, UserId id)
    {
        var row = session.Get("SELECT user_id, username, display_name FROM account WHERE user_id = ?").Bind(1, id);
        if (!row.Step())
            return null;
        var account = Account(row);
        row.Reset();
        return account;
    }

    private static Account Account(SqliteStatement row) => new(row.User(0), row.Text(1)!, row.Text(2)!);

    // SQLite's own folding knows ASCII alone.
    private static string Fold(string username) => username.ToLowerInvariant();
}
