using Chat.Client;
using Chat.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>A device's one line of work: in turn, bounded, and not stopped by a fault.</summary>
public sealed class HandlingInTurnTests
{
    private readonly Observed<string> _handled = new();
    private readonly TaskCompletionSource _dropped = new();
    private readonly Inbox _inbox;

    public HandlingInTurnTests() => _inbox = new Inbox(4, Handle, _dropped.SetResult, NullLogger.Instance);

    [Fact]
    public async Task Full_it_drops_pushes_says_so_afterwards_and_never_drops_work_of_its_own()
    {
        using var open = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var blocked = _inbox.RunAsync(() =>
        {
            entered.SetResult();
            open.Wait(Eventually.Patience);
        });
        await Eventually.CompletesAsync("the blocking work", entered.Task);
        for (var n = 1; n <= 6; n++) _inbox.Post($"{n}");
        var own = _inbox.RunAsync(() => _handled.Record("own"));
        Assert.False(_dropped.Task.IsCompleted);
        open.Set();

        await Eventually.CompletesAsync("all of it", Task.WhenAll(blocked, own, _dropped.Task));
        Assert.Equal(["1", "2", "3", "4", "own"], _handled.Snapshot());
    }

    [Fact]
    public async Task A_handler_that_throws_costs_one_push()
    {
        _inbox.Post("throw");
        _inbox.Post("next");

        await _handled.UntilAsync("the next push", handled => handled.SequenceEqual(["next"]));
    }

    [Fact]
    public async Task Many_threads_posting_are_handled_one_at_a_time()
    {
        var (inside, worst) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 500; n++)
            {
                await _inbox.RunAsync(() =>
                {
                    worst = Math.Max(worst, Interlocked.Increment(ref inside));
                    Interlocked.Decrement(ref inside);
                });
            }
        })));

        Assert.Equal(1, worst);
    }

    private void Handle(object push)
    {
        if (push is "throw") throw new InvalidOperationException("as told");
        _handled.Record((string)push);
    }
}
