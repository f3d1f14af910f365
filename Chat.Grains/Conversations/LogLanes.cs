using Chat.Ids;
using Chat.Overload;
using Chat.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chat.Conversations;

/// <summary>A silo's log lanes; a conversation's id decides which is its own.</summary>
internal sealed class LogLanes : BackgroundService
{
    private readonly LogLane[] _lanes;

    public LogLanes(
        IMessageLog log, IOptions<LogOptions> options, LoadGauge load, TimeProvider time, ILogger<LogLane> logger)
    {
        _lanes = new LogLane[log.LaneCount];
        for (var i = 0; i < _lanes.Length; i++) _lanes[i] = new LogLane(log, options.Value, load, time, logger);
        load.Watch("log", () => _lanes.Sum(lane => lane.QueuedEntries), () => _lanes.Sum(lane => lane.Taken));
        LogMetrics.ObserveQueue(() => _lanes.Sum(lane => lane.QueuedEntries));
    }

    public LogLane For(ConversationId id) => _lanes[(uint)id.Value.GetHashCode() % (uint)_lanes.Length];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in _lanes) lane.Stop();
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_lanes.Select(lane => Task.Run(lane.RunAsync, CancellationToken.None)));
}
