using Chat.Ids;
using Chat.Refusals;

namespace Chat.Conversations;

/// <summary>
/// The last sends of a conversation by their client ids, so that a retry costs no write. Bounded; what has left it is
/// still known to the store's unique index.
/// </summary>
internal sealed class RecentSends(int capacity)
{
    private readonly Dictionary<(UserId, string), Task<Answer<Sent>>> _answers = [];
    private readonly Queue<(UserId, string)> _order = new();

    public Task<Answer<Sent>>? Find(SendCommand command) =>
        _answers.GetValueOrDefault((command.SenderId, command.ClientMessageId));

    public void Remember(SendCommand command, Task<Answer<Sent>> answer)
    {
        var key = (command.SenderId, command.ClientMessageId);
        if (!_answers.TryAdd(key, answer)) return;
        _order.Enqueue(key);
        while (_order.Count > capacity) _answers.Remove(_order.Dequeue());
    }

    /// <summary>A send that came to nothing may be tried again.</summary>
    public void Forget(SendCommand command) => _answers.Remove((command.SenderId, command.ClientMessageId));
}
