using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Microsoft.Extensions.Options;
using Orleans.Streams;

namespace Chat.Gateway.Presence;

/// <summary>
/// What this gateway's users do: who is connected, and when they last gave any input. Published in batches, at once
/// only what may change what watchers see; the renewals say all of it again.
/// <para><b>Not promised.</b> A batch that can't be published, whatever the stream throws, is lost; the renewal has it,
/// but for the input of who is not connected here.</para>
/// </summary>
internal sealed partial class ActivityOutbox(
    IServiceProvider services, SiloDirectory silos, IOptions<PresenceOptions> options, LoadGauge load,
    TimeProvider time, ILogger<ActivityOutbox> logger) : BackgroundService
{
    private static readonly TimeSpan LogApart = TimeSpan.FromMinutes(1);

    private readonly ActivityShard[] _shards =
        [.. Enumerable.Range(0, options.Value.Shards)
            .Select(_ => new ActivityShard(options.Value.NoteApart, options.Value.OnlineFor / 2, time))];
    private int _unpublished;
    private long? _loggedAt;

    public void Came(UserId user) => Of(user).Came(user);

    public void Left(UserId user) => Of(user).Left(user);

    /// <summary>The user touched the app: that, and nothing that an app does by itself, moves last seen.</summary>
    public void Input(UserId user) => Of(user).Input(user);

    /// <summary>Orders what is done now with the share's batches and snapshots.</summary>
    public long TakeVersion(int shard) => _shards[shard].TakeVersion();

    /// <summary>All of a share's connected users.</summary>
    public (long Version, Activity[] Connected) Snapshot(int shard) => _shards[shard].Snapshot();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.PublishesActivity) return;
        using var timer = new PeriodicTimer(options.Value.PublishEvery, time);
        try
        {
            var last = time.GetTimestamp();
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (load.Level >= LoadLevel.SlowsPresence
                    && time.GetElapsedTime(last) < load.PresenceApart(options.Value.PublishEvery)) continue;
                last = time.GetTimestamp();
                for (var shard = 0; shard < _shards.Length; shard++) await PublishAsync(shard);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops: its connections end, and its lease with them.
        }
    }

    /// <summary>Publishes what is due of one share. Never throws.</summary>
    internal async Task PublishAsync(int shard)
    {
        if (_shards[shard].TakeNoted() is not var (version, users)) return;
        try
        {
            await services.GetRequiredKeyedService<IStreamProvider>(PresenceShards.Streams)
                .GetStream<ActivityBatch>(StreamId.Create(PresenceShards.Activity, shard))
                .OnNextAsync(new ActivityBatch(silos.Local, version, users));
        }
        catch (Exception e)
        {
            // A full queue is no time-out and no dead silo, and must not end this loop either: it is the gateway's end.
            Lose(users.Length, e);
        }
    }

    /// <summary>A stream that stalls fails with every batch; it is logged now and then.</summary>
    private void Lose(int notes, Exception exception)
    {
        _unpublished += notes;
        if (_loggedAt is { } at && time.GetElapsedTime(at) < LogApart) return;
        LogNotPublished(_unpublished, exception);
        (_unpublished, _loggedAt) = (0, time.GetTimestamp());
    }

    private ActivityShard Of(UserId user) => _shards[PresenceShards.Of(user, _shards.Length)];

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Notes} notes of activity could not be published; the renewals have them")]
    private partial void LogNotPublished(int notes, Exception exception);
}
