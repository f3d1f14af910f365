using System.Collections.Concurrent;
using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Ids;
using Chat.Overload;
using Chat.Refusals;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Overload;

/// <summary>This gateway's doors: one to each silo, so that one that is slow closes only its own.</summary>
internal sealed class SendDoors
{
    private readonly ConcurrentDictionary<SiloAddress, SendDoor> _doors = new();
    private readonly Func<SiloAddress, SendDoor> _open;
    private readonly SendDoor _unplaced;
    private readonly ConversationPlaces _places;
    private long _answered;

    public SendDoors(
        ConversationPlaces places, LoadGauge load, PoolDelay pool, SiloDirectory silos,
        IOptions<OverloadOptions> options, TimeProvider time)
    {
        _places = places;
        _unplaced = Open();
        _open = _ => Open();
        silos.SiloGone += silo => _doors.TryRemove(silo, out _);
        load.Watch("sends", () => _unplaced.UnderWay + _doors.Values.Sum(door => door.UnderWay), () => _answered);

        SendDoor Open() => new(options.Value, load, () => pool.Current, time, Answered);
    }

    /// <summary>The door to a conversation's silo, or to all whose place is not known yet.</summary>
    public SendDoor To(ConversationId conversation) =>
        _places.Find(conversation) is { } silo ? _doors.GetOrAdd(silo, _open) : _unplaced;

    /// <summary>Spread, so that those who are refused at once do not come back at once.</summary>
    public static Refusal Refuse(SendDoor door) =>
        Refusal.Busy(door.ComeBackIn() * (0.5 + Random.Shared.NextDouble()));

    private void Answered() => Interlocked.Increment(ref _answered);
}
