using System.Threading.Channels;
using Chat.Overload;

namespace Chat.Delivery;

/// <summary>
/// A bounded queue to one other silo: batches what has queued, keeps one call in flight, and so keeps order and
/// back-pressure, which Orleans' own send queue lacks.
/// </summary>
/// <param name="send">Carries one batch over and returns when it has arrived.</param>
/// <param name="failed">
/// Told of a batch whose call failed. Its outcome is unknown; returns whether to send it again (true: notices, which
/// are idempotent) or not (false: pushes, which a device would see twice).
/// </param>
/// <param name="isGone">The destination is dead: what is queued is let go.</param>
public sealed class OutgoingLane<TItem>(
    int queuedItemsMax,
    int batchItemsMax,
    TimeSpan callsApart,
    Func<List<TItem>, Task> send,
    Func<List<TItem>, Exception, bool> failed,
    Func<bool> isGone,
    LoadGauge load,
    TimeProvider time)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly Channel<TItem> _queue = Channel.CreateBounded<TItem>(
        new BoundedChannelOptions(queuedItemsMax) { SingleReader = true });

    private readonly Pace _pace = new(callsApart, load, time);
    private int _isRunning;
    private int _lastBatch;

    /// <summary>Where the last batch carried several, the next waits for company after a short rest.</summary>
    public bool Gathers { get; init; }

    public int QueuedItems => _queue.Reader.Count;

    /// <returns>False: the queue is full and the item was not taken.</returns>
    public bool TryEnqueue(TItem item)
    {
        if (!_queue.Writer.TryWrite(item)) return false;
        StartIfIdle();
        return true;
    }

    private void StartIfIdle()
    {
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.DrainAsync(), this, preferLocal: false);
    }

    private async Task DrainAsync()
    {
        do
        {
            await SendQueuedAsync();
            Volatile.Write(ref _isRunning, 0);
        }
        while (_queue.Reader.Count > 0 && Interlocked.CompareExchange(ref _isRunning, 1, 0) == 0);
    }

    private async Task SendQueuedAsync()
    {
        while (_queue.Reader.TryPeek(out _))
        {
            await _pace.WaitAsync(gather: Gathers && _lastBatch > 1);
            var batch = new List<TItem>(Math.Min(batchItemsMax, _queue.Reader.Count));
            while (batch.Count < batchItemsMax && _queue.Reader.TryRead(out var next)) batch.Add(next);
            _lastBatch = batch.Count;
            while (!await TrySendAsync(batch)) await Task.Delay(RetryPause, time);
        }
    }

    private async Task<bool> TrySendAsync(List<TItem> batch)
    {
        try
        {
            await send(batch);
            return true;
        }
        catch (Exception e)
        {
            // A silo that is away or too slow: the owner of the lane knows what its items are worth. Asked before it is
            // told: what it keeps of the batch is not let go behind its back.
            var wasGone = isGone();
            return !failed(batch, e) || wasGone;
        }
    }
}
