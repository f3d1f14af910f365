using Chat.Ids;
using Chat.Refusals;

namespace Chat.Conversations;

/// <summary>
/// A conversation's sends by their client ids: those under way, and the last that were answered, so that a retry costs
/// no write. What has left it is still known to the store's unique index. An answer is kept as a value: what lives for
/// some seconds outlives the young generation, and each of its objects is paid for once more.
/// </summary>
/// <param name="answeredMax">The answered sends that are kept. Those under way are bounded by the log lane.</param>
internal sealed class RecentSends(int answeredMax)
{
    private readonly Dictionary<(UserId, string), Recent> _sends = [];
    private readonly Queue<(UserId, string)> _answered = new();

    private readonly record struct Recent(Task<Answer<Sent>>? UnderWay, Sent Sent);

    public bool Knows(SendCommand command) => _sends.ContainsKey(KeyOf(command));

    /// <returns>Null: not known here.</returns>
    public Task<Answer<Sent>>? Find(SendCommand command) => _sends.TryGetValue(KeyOf(command), out var recent)
        ? recent.UnderWay ?? Task.FromResult<Answer<Sent>>(recent.Sent)
        : null;

    public void Begin(SendCommand command, Task<Answer<Sent>> answer) =>
        _sends[KeyOf(command)] = new Recent(answer, default);

    public void Answered(SendCommand command, Sent sent)
    {
        _sends[KeyOf(command)] = new Recent(null, sent);
        _answered.Enqueue(KeyOf(command));
        if (_answered.Count > answeredMax) _sends.Remove(_answered.Dequeue());
    }

    /// <summary>A send that came to nothing may be tried again.</summary>
    public void Forget(SendCommand command) => _sends.Remove(KeyOf(command));

    private static (UserId, string) KeyOf(SendCommand command) => (command.SenderId, command.ClientMessageId);
}
