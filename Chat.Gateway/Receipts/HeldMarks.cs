using Chat.Ids;
using Chat.Receipts;

namespace Chat.Gateway.Receipts;

/// <summary>Marks that are not known to be durable yet, by user.</summary>
internal sealed class HeldMarks
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, Dictionary<ConversationId, Held>> _byUser = [];
    private int _count;

    private readonly record struct Held(Watermarks Watermarks, long GivenAt);

    public int Count => Volatile.Read(ref _count);

    /// <param name="givenAt">When the mark was last given to its conversation, as a timestamp.</param>
    public void Hold(UserId user, ConversationId conversation, Watermarks watermarks, long givenAt)
    {
        lock (_lock)
        {
            if (!_byUser.TryGetValue(user, out var held)) _byUser[user] = held = [];
            if (held.TryGetValue(conversation, out var known)) watermarks = known.Watermarks.RaisedBy(watermarks);
            else _count++;
            held[conversation] = new Held(watermarks, givenAt);
        }
    }

    /// <summary>Lets go of a mark, unless a higher one came meanwhile.</summary>
    public void Release(UserId user, ConversationId conversation, Watermarks durable)
    {
        lock (_lock)
        {
            if (!_byUser.TryGetValue(user, out var held)
                || !held.TryGetValue(conversation, out var known)
                || !durable.Covers(known.Watermarks)) return;
            held.Remove(conversation);
            _count--;
            if (held.Count == 0) _byUser.Remove(user);
        }
    }

    public List<(ConversationId Conversation, Watermarks Watermarks)> Of(UserId user)
    {
        lock (_lock)
        {
            return _byUser.TryGetValue(user, out var held)
                ? [.. held.Select(mark => (mark.Key, mark.Value.Watermarks))]
                : [];
        }
    }

    /// <summary>The marks that were last given before a moment.</summary>
    public List<(UserId User, ConversationId Conversation, Watermarks Watermarks)> GivenBefore(long timestamp)
    {
        var due = new List<(UserId, ConversationId, Watermarks)>();
        lock (_lock)
        {
            foreach (var (user, held) in _byUser)
                foreach (var (conversation, mark) in held)
                    if (mark.GivenAt <= timestamp) due.Add((user, conversation, mark.Watermarks));
        }

        return due;
    }
}
