using Chat.Ids;
using Chat.Storage;

namespace Chat.Tests.Harness;

/// <summary>A store of presence and privacy, and what a test wants to know of its calls.</summary>
internal sealed class WatchedPresence(IPresenceStore store) : IPresenceStore
{
    private int _asked;

    /// <summary>Awaited once the store knows who of those users hides his reading, before it answers.</summary>
    internal Func<IReadOnlyList<UserId>, Task> AnsweringWhoHides { get; set; } = _ => Task.CompletedTask;

    /// <summary>How often it was asked who hides his reading.</summary>
    internal int AskedWhoHides => Volatile.Read(ref _asked);

    public async Task<IReadOnlyList<UserId>> FindHidingReadingAsync(
        IReadOnlyList<UserId> users, CancellationToken cancel)
    {
        Interlocked.Increment(ref _asked);
        var hiding = await store.FindHidingReadingAsync(users, cancel);
        await AnsweringWhoHides(users);
        return hiding;
    }

    public Task SaveLastSeenAsync(IReadOnlyList<(UserId User, DateTimeOffset At)> seen, CancellationToken cancel) =>
        store.SaveLastSeenAsync(seen, cancel);

    public Task<IReadOnlyList<(UserId User, DateTimeOffset At)>> GetLastSeenAsync(
        IReadOnlyList<UserId> users, CancellationToken cancel) => store.GetLastSeenAsync(users, cancel);

    public Task<IReadOnlyList<ContactAnswer>> FindContactsAsync(
        UserId owner, IReadOnlyList<ContactQuestion> questions, CancellationToken cancel) =>
        store.FindContactsAsync(owner, questions, cancel);

    public Task SetReadingHiddenAsync(UserId user, UserId? from, bool hidden, CancellationToken cancel) =>
        store.SetReadingHiddenAsync(user, from, hidden, cancel);
}
