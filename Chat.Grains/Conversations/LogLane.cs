using System.Threading.Channels;
using Chat.Delivery;
using Chat.Overload;
using Chat.Storage;
using Microsoft.Extensions.Logging;

namespace Chat.Conversations;

/// <summary>
/// Group commit: takes what has queued, gives each entry its place, and commits all of it in one transaction. A rested
/// lane commits one entry at once; a busy one keeps its commits a few milliseconds apart and commits what piled up
/// meanwhile.
/// <para><b>Invariants.</b> A conversation always uses the same lane, and a lane has one commit under way: so places
/// are given in the order of arrival, and the end of the log is known whenever the next batch is made.</para>
/// <para><b>Failure.</b> A batch that did not go through whole is taken apart by conversation and settled by
/// <see cref="AppendResolution"/>; one conversation's trouble does not fail its neighbours.</para>
/// </summary>
internal sealed partial class LogLane
{
    private readonly Channel<PendingEntry> _queue;
    private readonly IMessageLog _log;
    private readonly LogOptions _options;
    private readonly AppendResolution _resolution;
    private readonly Pace _pace;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public LogLane(IMessageLog log, LogOptions options, LoadGauge load, TimeProvider time, ILogger<LogLane> logger)
    {
        _log = log;
        _options = options;
        _time = time;
        _logger = logger;
        _pace = new Pace(options.CommitsApart, load, time);
        _resolution = new AppendResolution(log, options, time, logger);
        _queue = Channel.CreateBounded<PendingEntry>(
            new BoundedChannelOptions(options.QueuedEntriesMax) { SingleReader = true });
    }

    /// <summary>Entries that were taken from the queue, since the start.</summary>
    public long Taken { get; private set; }

    public int QueuedEntries => _queue.Reader.Count;

    /// <summary>Queues an entry, or ends it as <see cref="AppendEnd.Busy"/> where the queue is full.</summary>
    public void Append(PendingEntry entry)
    {
        if (!_queue.Writer.TryWrite(entry)) entry.End(AppendEnd.Busy);
    }

    /// <summary>Commits until told to stop, then what is queued.</summary>
    public async Task RunAsync()
    {
        var batch = new List<PendingEntry>(_options.BatchEntriesMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            await _pace.WaitAsync();
            while (batch.Count < _options.BatchEntriesMax && _queue.Reader.TryRead(out var entry))
            {
                if (entry.Cursor.IsClosed) entry.End(AppendEnd.Unknown);
                else batch.Add(entry);
            }

            Taken += batch.Count;
            if (batch.Count > 0) await CommitAsync(batch);
            batch.Clear();
        }
    }

    public void Stop() => _queue.Writer.TryComplete();

    private async Task CommitAsync(List<PendingEntry> batch)
    {
        var started = _time.GetTimestamp();
        var entries = new NewEntry[batch.Count];
        foreach (var pending in batch) pending.Cursor.AssignedSeq = pending.Cursor.LastSeq;
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Seq = ++batch[i].Cursor.AssignedSeq;
            entries[i] = batch[i].ToNewEntry();
        }

        try
        {
            if (await _log.TryAppendAsync(entries, CancellationToken.None))
            {
                LogMetrics.Committed(batch.Count);
                foreach (var pending in batch)
                {
                    pending.Cursor.LastSeq = pending.Seq;
                    pending.End(AppendEnd.Appended);
                }

                return;
            }
        }
        catch (Exception e)
        {
            // Nothing is known of these entries now; the resolution asks the store before anybody is answered.
            LogCommitFailed(batch.Count, e);
        }

        foreach (var conversation in batch.GroupBy(pending => pending.Cursor))
            await _resolution.ResolveAsync(conversation.Key, [.. conversation], started);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A commit of {Entries} entries failed; asking the store")]
    private partial void LogCommitFailed(int entries, Exception exception);
}
