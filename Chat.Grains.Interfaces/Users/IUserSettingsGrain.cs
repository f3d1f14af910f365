using Chat.Ids;

namespace Chat.Users;

/// <summary>
/// What a user has decided and seldom changes. A grain of its own, so that a log-in reads no state: only a silo that
/// pushes to the user makes his <see cref="IUserGrain"/> ask.
/// </summary>
[Alias("chat.user-settings")]
public interface IUserSettingsGrain : IGrainWithGuidKey
{
    [Alias("get-blocked")]
    Task<UserId[]> GetBlocked();

    [Alias("blocks")]
    Task<bool> Blocks(UserId otherId);

    /// <returns>The list as it is durable now; null: it would exceed <see cref="BlockedMax"/>.</returns>
    [Alias("set-blocked")]
    Task<UserId[]?> SetBlocked(UserId otherId, bool blocked);

    /// <summary>Users that one user may block.</summary>
    const int BlockedMax = 10_000;
}
