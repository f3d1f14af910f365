using System.Collections.Concurrent;
using Chat.Delivery;
using Chat.Ids;

namespace Chat.Gateway.Conversations;

/// <summary>
/// On which silo a conversation was last heard from: learned from its pushes, a hint that may be wrong. Bounded: when
/// full it starts anew.
/// </summary>
internal sealed class ConversationPlaces
{
    private const int PlacesMax = 100_000;

    private readonly ConcurrentDictionary<ConversationId, SiloAddress> _places = new();
    private int _count;

    public ConversationPlaces(SiloDirectory silos) => silos.SiloGone += ForgetAllOf;

    public SiloAddress? Find(ConversationId id) => _places.GetValueOrDefault(id);

    public void Learn(ConversationId id, SiloAddress silo)
    {
        if (_places.TryGetValue(id, out var known))
        {
            if (!known.Equals(silo)) _places[id] = silo;
            return;
        }

        if (Interlocked.Increment(ref _count) > PlacesMax)
        {
            _places.Clear();
            Volatile.Write(ref _count, 1);
        }

        _places[id] = silo;
    }

    public void Forget(ConversationId id)
    {
        if (_places.TryRemove(id, out _)) Interlocked.Decrement(ref _count);
    }

    private void ForgetAllOf(SiloAddress silo)
    {
        foreach (var (id, known) in _places)
            if (known.Equals(silo)) Forget(id);
    }
}
