using Chat.Ids;
using Chat.Users;

namespace Chat.Storage;

/// <summary>Who exists. Usernames are unique without regard to case.</summary>
public interface IAccountStore
{
    /// <returns>False: the username is taken; nothing was written.</returns>
    Task<bool> TryCreateAsync(Account account, string passwordHash, DateTimeOffset now, CancellationToken cancel);

    Task<Account?> GetAsync(UserId id, CancellationToken cancel);

    /// <summary>Whether each of these users exists.</summary>
    Task<bool> AllExistAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancel);

    /// <param name="username">In any case.</param>
    /// <returns>The hash is null for users of an outside issuer.</returns>
    Task<(Account Account, string? PasswordHash)?> FindAsync(string username, CancellationToken cancel);

    /// <summary>Gives the same password a newer hash, unless the stored one has changed meanwhile.</summary>
    Task ReplaceHashAsync(UserId id, string oldHash, string newHash, CancellationToken cancel);

    /// <summary>
    /// Makes sure that a user of an outside issuer exists. Where the wished username is taken by another user, a suffix
    /// taken from the id makes it unique.
    /// </summary>
    Task<Account> EnsureExternalAsync(Account wished, DateTimeOffset now, CancellationToken cancel);
}
