using Chat.Ids;

namespace Chat.Presence;

/// <summary>
/// Who is typing in one conversation. One typist's changes are told at most once in
/// <see cref="PresenceOptions.TypingApart"/>: a change in between waits and is told if it still holds then. Never
/// stored; at most one entry a member.
/// </summary>
internal sealed class Typists(PresenceOptions options)
{
    private readonly Dictionary<UserId, Typist> _typists = [];

    private sealed class Typist
    {
        public bool IsTyping { get; set; }
        public bool WasTold { get; set; }
        public DateTimeOffset EndsAt { get; set; }
        public DateTimeOffset NextAt { get; set; }
    }

    public bool IsEmpty => _typists.Count == 0;

    /// <returns>True: it is to be told now.</returns>
    public bool Set(UserId user, bool isTyping, DateTimeOffset now)
    {
        if (!_typists.TryGetValue(user, out var typist))
        {
            if (!isTyping) return false;
            _typists[user] = typist = new Typist();
        }

        typist.IsTyping = isTyping;
        if (isTyping) typist.EndsAt = now + options.TypingEnds;
        // One who goes on typing is told again, for a receiver lets a typing state end by itself too.
        if (now < typist.NextAt || (!isTyping && !typist.WasTold)) return false;
        Told(typist, now);
        return true;
    }

    /// <summary>Who has sent a message types no more, and everybody knows by it.</summary>
    public void Sent(UserId user)
    {
        if (_typists.TryGetValue(user, out var typist)) typist.IsTyping = typist.WasTold = false;
    }

    /// <returns>What is to be told by now; forgets those who rest.</returns>
    public List<(UserId User, bool IsTyping)> TakeDue(DateTimeOffset now)
    {
        var due = new List<(UserId, bool)>();
        foreach (var (user, typist) in _typists)
        {
            if (now >= typist.EndsAt) typist.IsTyping = false;
            if (now < typist.NextAt) continue;
            if (typist.IsTyping != typist.WasTold)
            {
                Told(typist, now);
                due.Add((user, typist.IsTyping));
            }
            else if (!typist.IsTyping)
            {
                _typists.Remove(user);
            }
        }

        return due;
    }

    private void Told(Typist typist, DateTimeOffset now)
    {
        typist.WasTold = typist.IsTyping;
        typist.NextAt = now + options.TypingApart;
    }
}
