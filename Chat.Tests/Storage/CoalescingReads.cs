using System.Threading.Channels;
using Chat.Storage;
using Xunit;

namespace Chat.Tests.Storage;

public sealed class CoalescingReads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Reads_that_wait_travel_in_one_query()
    {
        await using var queries = new Queries(queueMax: 16, batchMax: 8);
        var first = queries.ReadAsync(1);
        var running = await queries.NextAsync();

        var waiting = Enumerable.Range(2, 10).Select(queries.ReadAsync).ToArray();
        running.Answer();
        Assert.Equal(10, await first.WaitAsync(Patience));

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], (await queries.NextAsync()).Answer());
        Assert.Equal([10, 11], (await queries.NextAsync()).Answer());
        Assert.Equal(
            Enumerable.Range(2, 10).Select(request => request * 10), await Task.WhenAll(waiting).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_full_queue_refuses_and_what_waits_is_answered()
    {
        await using var queries = new Queries(queueMax: 2, batchMax: 8);
        var first = queries.ReadAsync(1);
        var running = await queries.NextAsync();
        Task<int>[] waiting = [queries.ReadAsync(2), queries.ReadAsync(3)];

        await Assert.ThrowsAsync<StoreBusyException>(() => queries.ReadAsync(4));

        running.Answer();
        Assert.Equal([2, 3], (await queries.NextAsync()).Answer());
        await Task.WhenAll([first, .. waiting]).WaitAsync(Patience);
        var again = queries.ReadAsync(5);
        Assert.Equal([5], (await queries.NextAsync()).Answer());
        Assert.Equal(50, await again.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_query_that_fails_fails_its_own_reads_alone()
    {
        await using var queries = new Queries(queueMax: 16, batchMax: 8);
        Task<int>[] failing = [queries.ReadAsync(1)];
        var running = await queries.NextAsync();
        Task<int>[] waiting = [queries.ReadAsync(2), queries.ReadAsync(3)];

        running.Fail(new TimeoutException("gone"));

        foreach (var read in failing)
            await Assert.ThrowsAsync<TimeoutException>(() => read.WaitAsync(Patience));
        Assert.Equal([2, 3], (await queries.NextAsync()).Answer());
        var answers = await Task.WhenAll(waiting).WaitAsync(Patience);
        Assert.Equal([20, 30], answers);
    }

    [Fact]
    public async Task A_reader_who_gave_up_is_answered_at_once_and_asked_for_no_more()
    {
        await using var queries = new Queries(queueMax: 16, batchMax: 8);
        var first = queries.ReadAsync(1);
        var running = await queries.NextAsync();
        using var gaveUp = new CancellationTokenSource();
        var cancelled = queries.ReadAsync(2, gaveUp.Token);
        var other = queries.ReadAsync(3);

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience));

        running.Answer();
        Assert.Equal([3], (await queries.NextAsync()).Answer());
        await Task.WhenAll(first, other).WaitAsync(Patience);
    }

    /// <summary>One lane whose queries the test answers.</summary>
    private sealed class Queries : IAsyncDisposable
    {
        private readonly Channel<Query> _started = Channel.CreateUnbounded<Query>();
        private readonly ReadLanes<int, int> _lanes;

        public Queries(int queueMax, int batchMax) => _lanes = new(1, queueMax, batchMax, (requests, cancel) =>
        {
            var query = new Query(requests);
            _started.Writer.TryWrite(query);
            return query.Answers.WaitAsync(cancel);
        });

        public Task<int> ReadAsync(int request) => ReadAsync(request, CancellationToken.None);

        public Task<int> ReadAsync(int request, CancellationToken cancel) => _lanes.ReadAsync(request, cancel);

        public async Task<Query> NextAsync() => await _started.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public ValueTask DisposeAsync() => _lanes.DisposeAsync();
    }

    /// <summary>A query under way: each request is answered with ten times itself.</summary>
    private sealed class Query(IReadOnlyList<int> requests)
    {
        private readonly TaskCompletionSource<IReadOnlyList<int>> _answers =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IReadOnlyList<int>> Answers => _answers.Task;

        /// <returns>What was asked.</returns>
        public IReadOnlyList<int> Answer()
        {
            _answers.TrySetResult([.. requests.Select(request => request * 10)]);
            return requests;
        }

        public void Fail(Exception fault) => _answers.TrySetException(fault);
    }
}
