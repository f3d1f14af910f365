using System.Collections.Concurrent;
using Chat.Delivery;
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
    private long _answered;

    public SendDoors(
        LoadGauge load, PoolDelay pool, SiloDirectory silos, IOptions<OverloadOptions> options, TimeProvider time)
    {
        _unplaced = Open();
        _open = _ => Open();
        silos.SiloGone += silo => _doors.TryRemove(silo, out _);
        load.Watch("sends", () => _unplaced.UnderWay + _doors.Values.Sum(door => door.UnderWay), () => _answered);

        SendDoor Open() => new(options.Value, load, () => pool.Current, time, Answered);
    }

    /// <param name="silo">Null: it is not known yet where the conversation lives.</param>
    public SendDoor Of(SiloAddress? silo) => silo is null ? _unplaced : _doors.GetOrAdd(silo, _open);

    /// <summary>Spread, so that those who are refused at once do not come back at once.</summary>
    public static Refusal Refuse(SendDoor door, int sends) =>
        Refusal.Busy(door.ComeBackIn(sends) * (0.5 + Random.Shared.NextDouble()));

    private void Answered(int sends) => Interlocked.Add(ref _answered, sends);
}
