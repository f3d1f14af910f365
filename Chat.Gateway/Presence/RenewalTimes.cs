using Chat.Delivery;
using Chat.Presence;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Presence;

/// <summary>When each presence grain is to hear of this gateway again: at once, where its silo is gone.</summary>
internal sealed class RenewalTimes
{
    private readonly long[] _dueAt;
    private readonly SiloAddress?[] _owners;
    private readonly TimeProvider _time;

    public RenewalTimes(SiloDirectory silos, IOptions<PresenceOptions> options, TimeProvider time)
    {
        _time = time;
        _dueAt = new long[options.Value.Shards];
        _owners = new SiloAddress?[options.Value.Shards];
        silos.SiloGone += Lose;
        var first = time.GetTimestamp();
        var apart = options.Value.RenewEvery / _dueAt.Length;
        for (var shard = 0; shard < _dueAt.Length; shard++) _dueAt[shard] = first + InTicks(apart * shard);
    }

    public int Count => _dueAt.Length;

    public bool IsDue(int shard) => Volatile.Read(ref _dueAt[shard]) <= _time.GetTimestamp();

    public void SetDue(int shard, TimeSpan after) =>
        Volatile.Write(ref _dueAt[shard], _time.GetTimestamp() + InTicks(after));

    /// <summary>Notes which silo answered; a grain that has begun anew is told at once.</summary>
    public void Heard(int shard, PresenceView view)
    {
        _owners[shard] = view.Owner;
        if (!view.KnowsGateway) SetDue(shard, TimeSpan.Zero);
    }

    private void Lose(SiloAddress silo)
    {
        for (var shard = 0; shard < _owners.Length; shard++)
            if (silo.Equals(_owners[shard])) SetDue(shard, TimeSpan.Zero);
    }

    private long InTicks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
