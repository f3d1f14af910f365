using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chat.Hosting;

/// <summary>
/// Gives back to the machine what a burst left behind in the heap, once the process is calm: by itself the collector
/// keeps it until as much is allocated again. When it does: <see cref="TrimRule"/>.
/// </summary>
internal sealed partial class HeapTrim(TimeProvider time, ILogger<HeapTrim> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TrimRule.LookEvery, time);
        var rule = new TrimRule(time);
        var used = Environment.CpuUsage.TotalTime;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var before = used;
                used = Environment.CpuUsage.TotalTime;
                var heap = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;
                if (rule.IsDue(used - before, Environment.WorkingSet, heap)) Trim(rule);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private void Trim(TrimRule rule)
    {
        var held = Environment.WorkingSet;
        var paused = GC.GetTotalPauseDuration();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        paused = GC.GetTotalPauseDuration() - paused;
        var kept = Environment.WorkingSet;
        rule.Trimmed(kept, paused);
        var milliseconds = (long)paused.TotalMilliseconds;
        LogTrimmed(held >> 20, kept >> 20, milliseconds);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Gave memory of a burst back: {Before} MiB before, {After} after; paused for {Milliseconds} ms")]
    private partial void LogTrimmed(long before, long after, long milliseconds);
}
