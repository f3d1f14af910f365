using System.Collections.Concurrent;
using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chat.Users;

/// <summary>
/// The user grains of this silo, so that one loop per silo (not one timer per user) tells them of silos that are gone
/// and of leases that have run out.
/// </summary>
internal sealed partial class LocalUsers : BackgroundService
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);
    private static readonly ParallelOptions CallsAtOnce = new() { MaxDegreeOfParallelism = 32 };

    private readonly ConcurrentDictionary<UserId, Resident> _here = new();
    private readonly IGrainFactory _grains;
    private readonly LoadGauge _load;
    private readonly IHostApplicationLifetime _life;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public LocalUsers(
        IGrainFactory grains,
        SiloDirectory silos,
        LoadGauge load,
        IHostApplicationLifetime life,
        TimeProvider time,
        ILogger<LocalUsers> logger)
    {
        _grains = grains;
        _load = load;
        _life = life;
        _time = time;
        _logger = logger;
        silos.SiloGone += silo => _ = TellAsync(_here.Keys, user => user.SiloGone(silo));
    }

    /// <summary>One user grain of this silo. Written by the grain, read by the sweep.</summary>
    internal sealed class Resident
    {
        private long _nextLeaseEndTicks = long.MaxValue;

        public DateTimeOffset? NextLeaseEnd
        {
            set => Volatile.Write(ref _nextLeaseEndTicks, value?.UtcTicks ?? long.MaxValue);
        }

        public bool IsDue(DateTimeOffset now) => Volatile.Read(ref _nextLeaseEndTicks) <= now.UtcTicks;
    }

    public Resident Enter(UserId user) => _here[user] = new Resident();

    public void Leave(UserId user, Resident resident) => _here.TryRemove(KeyValuePair.Create(user, resident));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await SweepAsync();
        }
        catch (OperationCanceledException)
        {
            // The host stops; leases end with the grains.
        }
    }

    internal async Task SweepAsync()
    {
        if (_load.Level >= LoadLevel.PostponesCleanUp) return;
        var now = _time.GetUtcNow();
        await TellAsync(
            _here.Where(user => user.Value.IsDue(now)).Select(user => user.Key), user => user.ExpireLeases());
    }

    private async Task TellAsync(IEnumerable<UserId> users, Func<IUserGrain, Task> tell)
    {
        var untold = new ConcurrentQueue<Exception>();
        await Parallel.ForEachAsync(users, CallsAtOnce, async (user, _) =>
        {
            // The grains end with their silo, and by then each call of one fails.
            if (_life.ApplicationStopping.IsCancellationRequested) return;
            try
            {
                await tell(_grains.GetUser(user));
            }
            catch (Exception e)
            {
                // The grain is moving; its successor starts blank, and its gateways tell their users to resume.
                untold.Enqueue(e);
            }
        });
        if (untold.TryPeek(out var first)) LogNotTold(untold.Count, first);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} users could not be told; why the first could not")]
    private partial void LogNotTold(int count, Exception exception);
}
