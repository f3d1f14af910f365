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
            if (Find(user, conversation) is { } known) watermarks = known.Watermarks.RaisedBy(watermarks);
            Put(user, conversation, new Held(watermarks, givenAt));
        }
    }

    /// <summary>
    /// A mark was answered: what is held of it, cut off at the end of the log, is no more than what the answer does not
    /// call durable. A higher mark that came meanwhile stays.
    /// </summary>
    public void Settle(
        UserId user, ConversationId conversation, Watermarks answered, MarkOutcome outcome, long givenAt)
    {
        lock (_lock)
        {
            var (current, durable) = outcome;
            Watermarks? left = durable.Covers(current) ? null : current;
            if (Find(user, conversation) is { } known && !answered.RaisedBy(current).Covers(known.Watermarks))
                (left, givenAt) = (known.Watermarks.RaisedBy(left ?? default), known.GivenAt);
            if (left is { } watermarks) Put(user, conversation, new Held(watermarks, givenAt));
            else Remove(user, conversation);
        }
    }

    /// <summary>A mark was refused for now: what is held already is given again later.</summary>
    public void PutOff(UserId user, ConversationId conversation, long givenAt)
    {
        lock (_lock)
        {
            if (Find(user, conversation) is { } known) Put(user, conversation, known with { GivenAt = givenAt });
        }
    }

    /// <summary>Lets go of what is held of a conversation.</summary>
    public void Release(UserId user, ConversationId conversation)
    {
        lock (_lock) Remove(user, conversation);
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

    private Held? Find(UserId user, ConversationId conversation) =>
        _byUser.TryGetValue(user, out var held) && held.TryGetValue(conversation, out var known) ? known : null;

    private void Put(UserId user, ConversationId conversation, Held mark)
    {
        if (!_byUser.TryGetValue(user, out var held)) _byUser[user] = held = [];
        if (!held.ContainsKey(conversation)) _count++;
        held[conversation] = mark;
    }

    private void Remove(UserId user, ConversationId conversation)
    {
        if (!_byUser.TryGetValue(user, out var held) || !held.Remove(conversation)) return;
        _count--;
        if (held.Count == 0) _byUser.Remove(user);
    }
}
