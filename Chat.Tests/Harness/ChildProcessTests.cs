using Xunit;

namespace Chat.Tests.Harness;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_killed_child_is_gone()
    {
        await using var child = await ChildProcess.StartAsync(new ChildCommand("sleep", "600"));
        Assert.True(Signals.IsAlive(child.Id));

        Assert.Equal(128 + (int)Signal.Kill, await child.KillAsync());

        Assert.False(Signals.IsAlive(child.Id));
    }

    [Fact]
    public async Task Disposing_ends_even_a_frozen_child()
    {
        var child = await ChildProcess.StartAsync(new ChildCommand("sleep", "600"));
        child.Send(Signal.Stop);

        await child.DisposeAsync();

        Assert.False(Signals.IsAlive(child.Id));
    }

    [Fact]
    public async Task A_frozen_child_says_nothing_until_it_is_thawed()
    {
        await using var child = await ChildProcess.StartAsync(
            new ChildCommand("sh", "-c", "while echo tick; do sleep 0.05; done"));
        await child.Output.UntilAsync("a first tick", lines => lines.Count > 0);

        child.Send(Signal.Stop);
        await Eventually.HoldsAsync("the child to stop", () => StateOf(child.Id) == 'T', () => $"{StateOf(child.Id)}");
        var frozenAt = child.Output.Count;
        await Assert.ThrowsAsync<TimeoutException>(() => child.Output.UntilAsync(
            "ticks of a frozen child", lines => lines.Count > frozenAt + 1, TimeSpan.FromMilliseconds(400)));

        child.Send(Signal.Continue);
        await child.Output.UntilAsync("ticks after the thaw", lines => lines.Count > frozenAt + 1);
    }

    [Fact]
    public async Task Output_and_exit_code_of_a_child_are_there_once_it_ended()
    {
        await using var child = await ChildProcess.StartAsync(
            new ChildCommand("sh", "-c", "echo one; echo two >&2; exit 3"));

        Assert.Equal(3, await child.ExitAsync("the end of the script"));

        Assert.Equal(["one", "two"], child.Output.Snapshot().Order());
    }

    [Fact]
    public async Task Settings_of_the_developer_do_not_reach_a_child()
    {
        Environment.SetEnvironmentVariable("Chat__ClusterId", "mine");
        try
        {
            await using var child = await ChildProcess.StartAsync(
                new ChildCommand("sh", "-c", "echo =$Chat__ClusterId="));
            await child.Output.UntilAsync("the variable", lines => lines.Contains("=="));
        }
        finally
        {
            Environment.SetEnvironmentVariable("Chat__ClusterId", null);
        }
    }

    [Fact]
    public async Task A_child_whose_parent_died_before_it_was_bound_runs_nothing()
    {
        await using var child = await ChildProcess.StartAsync(new ChildCommand("echo", "alive"), parentId: 1);

        Assert.Equal(1, await child.ExitAsync("the end of the orphan"));
        Assert.Empty(child.Output.Snapshot());
    }

    private static char StateOf(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }
}
