using Chat.Delivery;
using Chat.Ids;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>At a gateway a push to many lets whatever waits for a thread pass, every 64 users.</summary>
public sealed class ComingLast : IDisposable
{
    private const int UsersAtOnce = 64;

    /// <summary>Many more than the pool has threads: each of those holds one that it has not counted yet.</summary>
    private const int Others = 2_000;

    private readonly ScriptedEndpoint _gateway = new();
    private Crowd _crowd = new();

    [Fact]
    public async Task A_push_to_many_goes_on_behind_all_that_waited_for_a_thread()
    {
        var users = ScriptedCluster.Users((2 * UsersAtOnce) + 1);
        var turns = new Turns(() => _crowd.Passed);
        var pushing = Deliver(users, turns);

        for (var turn = 1; turn <= 2; turn++)
        {
            // A new one for each turn: some of the last may still be on their way.
            _crowd = new Crowd();
            // On a thread of the pool, as the calls of a grain service.
            Assert.False(await Task.Run(() => RunAmongOthers(turns, pushing)));
            var queued = await turns.Queued.UntilAsync("the push to go on", all => all.Count > turn);
            Assert.InRange(queued[turn].Passed, Others * 3 / 4, Others);
        }

        turns.RunLast();
        Assert.Equal(users, await Eventually.CompletesAsync("the push to many", pushing));
        Assert.Equal(3, turns.Queued.Count);
    }

    [Fact]
    public async Task A_push_to_few_lets_nobody_pass()
    {
        var users = ScriptedCluster.Users(UsersAtOnce - 1);
        var turns = new Turns(() => 0);
        var pushing = Deliver(users, turns);

        turns.RunLast();

        Assert.Equal(users, await Eventually.CompletesAsync("the push to few", pushing));
        Assert.Single(turns.Queued.Snapshot());
    }

    public void Dispose() => _gateway.Dispose();

    /// <summary>To users who have no connection here, and who are returned therefore.</summary>
    private Task<UserId[]> Deliver(UserId[] users, Turns turns) => Task.Factory.StartNew(
        () => _gateway.Endpoint.Deliver(ScriptedCluster.Home, [new Push(users, Resync: true)]),
        CancellationToken.None, TaskCreationOptions.None, turns).Unwrap();

    /// <summary>Runs a turn of the push while others wait for threads, and lets those go after it.</summary>
    /// <returns>True: the push was done with that.</returns>
    private bool RunAmongOthers(Turns turns, Task pushing)
    {
        lock (_crowd.Gate)
        {
            for (var i = 0; i < Others; i++) ThreadPool.UnsafeQueueUserWorkItem(_crowd, preferLocal: false);
            turns.RunLast();
        }

        return pushing.IsCompleted;
    }

    /// <summary>Others who wait for a thread; none gets through a gate that is held.</summary>
    private sealed class Crowd : IThreadPoolWorkItem
    {
        private int _passed;

        internal Lock Gate { get; } = new();

        internal int Passed => Volatile.Read(ref _passed);

        void IThreadPoolWorkItem.Execute()
        {
            lock (Gate) { }
            // All of them together take much longer than a push that overtakes them.
            Thread.SpinWait(500);
            Interlocked.Increment(ref _passed);
        }
    }

    /// <summary>The turns of a grain service, which the test runs one by one.</summary>
    /// <param name="passed">How many others have passed by now.</param>
    private sealed class Turns(Func<int> passed) : TaskScheduler
    {
        internal Observed<(Task Turn, int Passed)> Queued { get; } = new();

        internal void RunLast() => Assert.True(TryExecuteTask(Queued.Snapshot()[^1].Turn));

        protected override void QueueTask(Task task) => Queued.Record((task, passed()));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
