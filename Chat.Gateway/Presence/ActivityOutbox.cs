using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Microsoft.Extensions.Options;
using Orleans.Streams;

namespace Chat.Gateway.Presence;

/// <summary>
/// What this gateway's users do: who is connected, and when they last gave any input. Published in batches, at once
/// only what may change what watchers see; the renewals say all of it again.
/// <para><b>Not promised.</b> A batch that can't be published is lost; the renewal has it.</para>
/// </summary>
internal sealed partial class ActivityOutbox(
    IServiceProvider services, SiloDirectory silos, IOptions<PresenceOptions> options, LoadGauge load,
    TimeProvider time, ILogger<ActivityOutbox> logger) : BackgroundService
{
    private readonly ActivityShard[] _shards =
        [.. Enumerable.Range(0, options.Value.Shards)
            .Select(_ => new ActivityShard(options.Value.NoteApart, options.Value.OnlineFor / 2, time))];

    public void Came(UserId user) => Of(user).Came(user);

    public void Left(UserId user) => Of(user).Left(user);

    /// <summary>The user touched the app: that, and nothing that an app does by itself, moves last seen.</summary>
    public void Input(UserId user) => Of(user).Input(user);

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

    private async Task PublishAsync(int shard)
    {
        if (_shards[shard].TakeNoted() is not var (version, users)) return;
        try
        {
            await services.GetRequiredKeyedService<IStreamProvider>(PresenceShards.Streams)
                .GetStream<ActivityBatch>(StreamId.Create(PresenceShards.Activity, shard))
                .OnNextAsync(new ActivityBatch(silos.Local, version, users));
        }
        catch (Exception e) when (GrainFaults.IsUnknownOutcome(e))
        {
            LogNotPublished(users.Length, e);
        }
    }

    private ActivityShard Of(UserId user) => _shards[PresenceShards.Of(user, _shards.Length)];

    [LoggerMessage(Level = LogLevel.Information, Message = "The activity of {Users} users could not be published")]
    private partial void LogNotPublished(int users, Exception exception);
}
