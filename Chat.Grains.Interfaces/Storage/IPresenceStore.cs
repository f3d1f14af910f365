using Chat.Ids;

namespace Chat.Storage;

/// <summary>Whether the owner has sent something in his direct conversation with another one.</summary>
/// <param name="AfterSeq">Up to there he has not.</param>
public readonly record struct ContactQuestion(UserId Other, ConversationId Direct, long AfterSeq);

/// <param name="SentSeq">The first entry of the owner behind the place asked from; null: none.</param>
/// <param name="LastSeq">The end of the log that was looked through; where there is none, the place asked from.</param>
public readonly record struct ContactAnswer(UserId Other, long? SentSeq, long LastSeq);

/// <summary>What presence and privacy keep and ask.</summary>
public interface IPresenceStore
{
    /// <summary>Raises times last seen; none ever moves back.</summary>
    Task SaveLastSeenAsync(IReadOnlyList<(UserId User, DateTimeOffset At)> seen, CancellationToken cancel);

    /// <returns>Those who were ever seen.</returns>
    Task<IReadOnlyList<(UserId User, DateTimeOffset At)>> GetLastSeenAsync(
        IReadOnlyList<UserId> users, CancellationToken cancel);

    /// <summary>Looks through direct conversations for what the owner has sent, each from its place on.</summary>
    /// <returns>One answer for each question.</returns>
    Task<IReadOnlyList<ContactAnswer>> FindContactsAsync(
        UserId owner, IReadOnlyList<ContactQuestion> questions, CancellationToken cancel);

    /// <summary>Records from whom a user's reading is hidden, and whose from him.</summary>
    /// <param name="from">Null: everybody.</param>
    Task SetReadingHiddenAsync(UserId user, UserId? from, bool hidden, CancellationToken cancel);

    /// <returns>Those of them who hide their reading from everybody.</returns>
    Task<IReadOnlyList<UserId>> FindHidingReadingAsync(IReadOnlyList<UserId> users, CancellationToken cancel);
}
