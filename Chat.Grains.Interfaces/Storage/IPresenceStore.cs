using Chat.Ids;

namespace Chat.Storage;

/// <summary>What presence and privacy keep and ask.</summary>
public interface IPresenceStore
{
    /// <summary>Raises times last seen; none ever moves back.</summary>
    Task SaveLastSeenAsync(IReadOnlyList<(UserId User, DateTimeOffset At)> seen, CancellationToken cancel);

    /// <returns>Those who were ever seen.</returns>
    Task<IReadOnlyList<(UserId User, DateTimeOffset At)>> GetLastSeenAsync(
        IReadOnlyList<UserId> users, CancellationToken cancel);

    /// <returns>Those of the others whom the owner has sent something in a direct conversation.</returns>
    Task<IReadOnlyList<UserId>> FindContactsAsync(
        UserId owner, IReadOnlyList<(UserId Other, ConversationId Direct)> others, CancellationToken cancel);

    /// <summary>Records from whom a user's reading is hidden, and whose from him.</summary>
    /// <param name="from">Null: everybody.</param>
    Task SetReadingHiddenAsync(UserId user, UserId? from, bool hidden, CancellationToken cancel);

    /// <returns>Those of them who hide their reading from everybody.</returns>
    Task<IReadOnlyList<UserId>> FindHidingReadingAsync(IReadOnlyList<UserId> users, CancellationToken cancel);
}
