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

    [Alias("get-privacy")]
    Task<Privacy> GetPrivacy();

    /// <returns>The privacy as it is durable now.</returns>
    [Alias("set-privacy")]
    Task<Privacy> SetPrivacy(PrivacyChange change);

    /// <summary>Whether he shows his presence to everybody, so that nothing has to be asked for each.</summary>
    [Alias("shows-presence-to-all")]
    Task<bool> ShowsPresenceToAll();

    /// <summary>To whom of these he shows his presence: as he wishes, and never across his block.</summary>
    [Alias("shows-presence-to")]
    Task<UserId[]> ShowsPresenceTo(UserId[] others);

    /// <summary>Users that one user may block.</summary>
    const int BlockedMax = 10_000;
}
