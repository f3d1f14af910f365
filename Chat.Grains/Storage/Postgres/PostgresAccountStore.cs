using Chat.Ids;
using Chat.Users;
using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Who exists, on PostgreSQL. The unique <c>username_key</c> is the username in lower case.</summary>
internal sealed class PostgresAccountStore(NpgsqlDataSource database) : IAccountStore
{
    public Task<bool> TryCreateAsync(
        Account account, string passwordHash, DateTimeOffset now, CancellationToken cancel) =>
        TryInsertAsync(account, passwordHash, now, cancel);

    public async Task<Account?> GetAsync(UserId id, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT username, display_name FROM account WHERE user_id = $1");
        command.Parameters.With(id.Value);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new Account(id, reader.GetString(0), reader.GetString(1)) : null;
    }

    public async Task<bool> AllExistAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancel)
    {
        Guid[] asked = [.. ids.Distinct().Select(id => id.Value)];
        await using var command = database.CreateCommand("SELECT count(*) FROM account WHERE user_id = ANY ($1)");
        command.Parameters.With(asked);
        return await command.ExecuteScalarAsync(cancel) is long found && found == asked.Length;
    }

    public async Task<(Account Account, string? PasswordHash)?> FindAsync(string username, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "SELECT user_id, username, display_name, password_hash FROM account WHERE username_key = $1");
        command.Parameters.With(username.ToLowerInvariant());
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            return null;
        var account = new Account(new UserId(reader.GetGuid(0)), reader.GetString(1), reader.GetString(2));
        return (account, reader.IsDBNull(3) ? null : reader.GetString(3));
    }

    public async Task ReplaceHashAsync(UserId id, string oldHash, string newHash, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "UPDATE account SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2");
        command.Parameters.With(id.Value).With(oldHash).With(newHash);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<Account> EnsureExternalAsync(Account wished, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var username in ExternalUsername.Candidates(wished))
        {
            if (await GetAsync(wished.UserId, cancel) is { } known)
                return known;
            var account = wished with { Username = username };
            if (await TryInsertAsync(account, passwordHash: null, now, cancel))
                return account;
        }
        return await GetAsync(wished.UserId, cancel)
            ?? throw new InvalidOperationException("Not even the user's own id makes his name unique.");
    }

    private async Task<bool> TryInsertAsync(
        Account account, string? passwordHash, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO account (user_id, username, username_key, display_name, password_hash, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT DO NOTHING
            """);
        command.Parameters.With(account.UserId.Value).With(account.Username).With(account.Username.ToLowerInvariant())
            .With(account.DisplayName).With(passwordHash).With(now);
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }
}
