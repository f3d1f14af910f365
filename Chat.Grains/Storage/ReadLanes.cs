using System.Threading.Channels;

namespace Chat.Storage;

/// <summary>
/// Coalesces reads: what arrives while queries run travels in the next one, so that ten thousand users who come back at
/// once cost a few hundred queries. A read that meets an idle lane goes at once; there is no timer.
/// <para><b>Invariants.</b> At most <c>lanes</c> queries run; at most <c>queueMax</c> reads wait, one more is refused
/// with <see cref="StoreBusyException"/>.</para>
/// <para><b>Not promised.</b> Order between reads. A query that fails fails every read in it.</para>
/// </summary>
internal sealed class ReadLanes<TRequest, TAnswer> : IAsyncDisposable
{
    private readonly Func<IReadOnlyList<TRequest>, CancellationToken, Task<IReadOnlyList<TAnswer>>> _run;
    private readonly int _batchMax;
    private readonly Channel<Waiting> _queue;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task[] _lanes;

    /// <param name="run">Answers each request, in order.</param>
    /// <param name="batchMax">Requests of one query: bounds what one query holds in memory.</param>
    public ReadLanes(
        int lanes,
        int queueMax,
        int batchMax,
        Func<IReadOnlyList<TRequest>, CancellationToken, Task<IReadOnlyList<TAnswer>>> run)
    {
        _run = run;
        _batchMax = batchMax;
        _queue = Channel.CreateBounded<Waiting>(queueMax);
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => Task.Run(DrainAsync))];
    }

    /// <exception cref="StoreBusyException">The queue is full.</exception>
    public Task<TAnswer> ReadAsync(TRequest request, CancellationToken cancel)
    {
        var waiting = new Waiting(request, cancel);
        return _queue.Writer.TryWrite(waiting)
            ? waiting.Answer.Task.WaitAsync(cancel)
            : Task.FromException<TAnswer>(new StoreBusyException());
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopped.CancelAsync();
        await Task.WhenAll(_lanes);
        _stopped.Dispose();
    }

    private async Task DrainAsync()
    {
        var batch = new List<Waiting>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < _batchMax && _queue.Reader.TryRead(out var waiting))
            {
                if (!waiting.Cancel.IsCancellationRequested)
                    batch.Add(waiting);
            }
            if (batch.Count > 0)
                await AnswerAsync(batch);
            batch.Clear();
        }
    }

    private async Task AnswerAsync(List<Waiting> batch)
    {
        try
        {
            var answers = await _run(batch.ConvertAll(waiting => waiting.Request), _stopped.Token);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Answer.TrySetResult(answers[i]);
        }
        catch (Exception fault)
        {
            // Nothing is lost: each reader gets the fault and reads again; the lane goes on.
            foreach (var waiting in batch)
                waiting.Answer.TrySetException(fault);
        }
    }

    private sealed class Waiting(TRequest request, CancellationToken cancel)
    {
        public TRequest Request => request;
        public CancellationToken Cancel => cancel;
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
