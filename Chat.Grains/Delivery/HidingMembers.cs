using Chat.Ids;

namespace Chat.Delivery;

/// <summary>
/// Which members of one open conversation hide their reading. A member's grain tells it with his route, from his first
/// change on; before that the store alone knows.
/// <para><b>Invariants.</b> What a grain told holds for as long as that grain tells. When it is gone, its successor
/// knows of no change that was made before it, so the store is to be asked again. A question answers for a member only
/// if it was asked after his route was learned: every later change is told to this silo.</para>
/// <para><b>Threads.</b> The conversation asks; routes are learned from anywhere, under the audience's lock.</para>
/// </summary>
internal sealed class HidingMembers
{
    private readonly Lock _lock = new();
    private readonly HashSet<UserId> _hiding = [];

    /// <summary>Of whom the store is to be asked, and since which moment.</summary>
    private readonly Dictionary<UserId, long> _unasked = [];

    private long _clock;
    private int _unaskedCount;

    /// <summary>There is nobody of whom the store is to be asked.</summary>
    public bool IsKnown => Volatile.Read(ref _unaskedCount) == 0;

    /// <summary>As was told or asked last.</summary>
    public bool Hides(UserId user)
    {
        lock (_lock) return _hiding.Contains(user);
    }

    /// <summary>Those of whom the store is to be asked; for <see cref="Answer"/>.</summary>
    public KeyValuePair<UserId, long>[] FindUnasked()
    {
        lock (_lock) return [.. _unasked];
    }

    /// <summary>
    /// What is older than a grain that may have told otherwise counts for hiding alone: the store is asked again.
    /// </summary>
    /// <param name="hiding">Who hides his reading of those asked for, as the store says.</param>
    public void Answer(KeyValuePair<UserId, long>[] asked, HashSet<UserId> hiding)
    {
        lock (_lock)
        {
            foreach (var (user, since) in asked)
            {
                // Told meanwhile, or no member any more.
                if (!_unasked.TryGetValue(user, out var moment)) continue;
                if (moment == since) _unasked.Remove(user);
                if (moment == since || hiding.Contains(user)) Note(user, hiding.Contains(user));
            }

            CountUnasked();
        }
    }

    public void Join(UserId user)
    {
        lock (_lock)
        {
            _unasked[user] = ++_clock;
            CountUnasked();
        }
    }

    public void Leave(UserId user)
    {
        lock (_lock)
        {
            _unasked.Remove(user);
            _hiding.Remove(user);
            CountUnasked();
        }
    }

    /// <param name="before">The route that was known; null: none.</param>
    /// <param name="now">Null: not known any more.</param>
    public void Learn(UserId user, Route? before, Route? now)
    {
        lock (_lock)
        {
            if (now?.HidesReading is { } hides)
            {
                Note(user, hides);
                _unasked.Remove(user);
            }
            else if (now is null || before is null or { HidesReading: not null } || !before.Owner.Equals(now.Owner))
            {
                _unasked[user] = ++_clock;
            }

            CountUnasked();
        }
    }

    private void CountUnasked() => Volatile.Write(ref _unaskedCount, _unasked.Count);

    private void Note(UserId user, bool hides)
    {
        if (hides) _hiding.Add(user);
        else _hiding.Remove(user);
    }
}
