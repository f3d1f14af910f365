using Chat.Conversations;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Conversations;

/// <summary>
/// Turns that Orleans does not see: they keep the activation, and it closes only when they have ended.
/// </summary>
public sealed class TakingTurns : IWorkItemScheduler
{
    private readonly Queue<Action> _queued = [];
    private readonly TaskCompletionSource<string> _answer = new();
    private readonly ActivationTurns _turns;
    private int _kept;

    public TakingTurns() => _turns = new ActivationTurns(this, () => _kept++);

    [Fact]
    public async Task A_turn_runs_in_its_place_and_keeps_the_activation()
    {
        var turn = _turns.RunAsync(() => _answer.Task);
        Assert.Equal(0, _kept);

        RunQueued();
        Assert.Equal(1, _kept);
        Assert.False(turn.IsCompleted);
        _answer.SetResult("done");

        Assert.Equal("done", await turn);
    }

    [Fact]
    public async Task Closing_waits_for_the_turns_under_way()
    {
        var turn = _turns.RunAsync(() => _answer.Task);
        RunQueued();
        var closed = _turns.CloseAsync();
        Assert.False(closed.IsCompleted);

        _answer.SetResult("done");

        await Eventually.CompletesAsync("the closing", closed);
        Assert.Equal("done", await turn);
    }

    [Fact]
    public async Task A_turn_that_comes_after_the_closing_is_turned_away()
    {
        var queuedBefore = _turns.RunAsync(() => _answer.Task);
        var closed = _turns.CloseAsync();
        var queuedAfter = _turns.RunAsync(() => _answer.Task);

        RunQueued();

        Assert.Null(await Eventually.CompletesAsync("the turn queued before", queuedBefore));
        Assert.Null(await Eventually.CompletesAsync("the turn queued after", queuedAfter));
        await Eventually.CompletesAsync("the closing", closed);
        Assert.Equal(0, _kept);
    }

    [Fact]
    public async Task A_turn_that_fails_fails_its_caller_and_holds_up_no_closing()
    {
        var turn = _turns.RunAsync<string>(() => throw new InvalidOperationException("broken"));
        RunQueued();

        await Assert.ThrowsAsync<InvalidOperationException>(() => turn);
        await Eventually.CompletesAsync("the closing", _turns.CloseAsync());
    }

    void IWorkItemScheduler.QueueAction(Action action) => _queued.Enqueue(action);

    void IWorkItemScheduler.QueueAction(Action<object> action, object state) => _queued.Enqueue(() => action(state));

    void IWorkItemScheduler.QueueTask(Task task) => throw new NotSupportedException();

    private void RunQueued()
    {
        while (_queued.TryDequeue(out var action)) action();
    }
}
