using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chat.Overload;

/// <summary>
/// How loaded this process is: the longest time that one of its queues needs to drain, as a <see cref="LoadLevel"/>.
/// <para><b>Invariants.</b> The level rises at once where sends are refused, else after three looks that agree, so that
/// a burst or a pause of the runtime raises nothing; it falls one step at a time, each after a calm.</para>
/// <para><b>Not promised.</b> It is this process's own: others may be at another level.</para>
/// </summary>
public sealed partial class LoadGauge
{
    private const int LooksToRise = 3;

    private readonly Lock _lock = new();
    private readonly List<(string Queue, Func<TimeSpan> Drain)> _queues = [];
    private readonly int[] _wanted = new int[LooksToRise];
    private readonly OverloadOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile int _level;
    private volatile bool _hasRefused;
    private TimeSpan _drain;
    private long _looks;
    private long _loadedAt;

    public LoadGauge(IOptions<OverloadOptions> options, TimeProvider time, ILogger<LoadGauge> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        OverloadMetrics.Observe(() => _level);
    }

    public LoadLevel Level => (LoadLevel)_level;

    /// <summary>How far apart batches are to be now.</summary>
    public TimeSpan BatchesApart(TimeSpan usual) => At(LoadLevel.BatchesHarder, usual, _options.BatchesApartTimes);

    /// <summary>How long presence is gathered now.</summary>
    public TimeSpan PresenceApart(TimeSpan usual) => At(LoadLevel.SlowsPresence, usual, _options.PresenceApartTimes);

    /// <summary>How long receipts are gathered now.</summary>
    public TimeSpan ReceiptsApart(TimeSpan usual) => At(LoadLevel.SlowsReceipts, usual, _options.ReceiptsApartTimes);

    /// <summary>Has a queue looked at, for as long as the process lives.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="queued">Items that wait.</param>
    /// <param name="done">Items that have waited, since the start.</param>
    public void Watch(string name, Func<long> queued, Func<long> done)
    {
        var estimate = new DrainEstimate(queued, done, _options.QueuedMin);
        Watch(name, () => estimate.Look(_time));
    }

    /// <summary>Has a queue looked at that knows by itself how long it takes.</summary>
    public void Watch(string name, Func<TimeSpan> drain)
    {
        lock (_lock) _queues.Add((name, drain));
    }

    /// <summary>A send was refused for load: everything else gives way first, from now on.</summary>
    public void Refused()
    {
        _hasRefused = true;
        if (_level == (int)LoadLevel.RefusesSends) return;
        lock (_lock)
        {
            if (_level < (int)LoadLevel.RefusesSends) Set((int)LoadLevel.RefusesSends, "sends");
        }
    }

    /// <summary>To be called every <see cref="OverloadOptions.LookEvery"/>.</summary>
    public void Look()
    {
        lock (_lock)
        {
            var longest = _queues.Select(one => (one.Queue, Drain: one.Drain())).DefaultIfEmpty()
                .MaxBy(one => one.Drain);
            var levels = _hasRefused ? (int)LoadLevel.RefusesSends : longest.Drain / _options.DrainPerLevel;
            _hasRefused = false;
            _drain = longest.Drain;
            _wanted[_looks++ % LooksToRise] = (int)Math.Min(levels, (int)LoadLevel.RefusesSends);
            var agreed = _looks < LooksToRise ? 0 : _wanted.Min();
            if (agreed > _level) Set(agreed, longest.Queue);
            // Half a level of room, so that it does not swing about one boundary.
            else if (levels + 0.5 >= _level) _loadedAt = _time.GetTimestamp();
            else if (_time.GetElapsedTime(_loadedAt) >= _options.FallAfter) Set(_level - 1, longest.Queue);
        }
    }

    private TimeSpan At(LoadLevel level, TimeSpan usual, int times) => Level < level ? usual : usual * times;

    private void Set(int level, string queue)
    {
        var before = Level;
        _level = level;
        _loadedAt = _time.GetTimestamp();
        LogLevelChanged(before, Level, queue, _drain.TotalMilliseconds);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Load level {Level}, before {Before}: longest is {Queue}, {DrainMs:0} ms to drain")]
    private partial void LogLevelChanged(LoadLevel before, LoadLevel level, string queue, double drainMs);
}
