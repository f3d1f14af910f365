using Xunit;

namespace Chat.Tests.Harness;

public sealed class WaitingTests
{
    [Fact]
    public async Task A_time_out_says_what_it_awaited_and_what_it_saw()
    {
        var late = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.YieldsAsync(
            "a seven", () => Task.FromResult(6), n => n == 7, TimeSpan.FromMilliseconds(60)));

        Assert.Equal("Awaited a seven for 0.06 s; last saw: 6", late.Message);
    }

    [Fact]
    public async Task A_probe_that_fails_at_first_is_asked_again()
    {
        var asked = 0;
        await Eventually.HoldsAsync(
            "a third answer", () => ++asked >= 3 ? true : throw new InvalidOperationException("not yet"));

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_wait_armed_before_the_act_hears_it()
    {
        var heard = new Observed<int>();
        var wait = heard.UntilAsync("a two", items => items.Contains(2));

        heard.Record(1);
        Assert.False(wait.IsCompleted);
        heard.Record(2);

        Assert.Equal([1, 2], await wait);
    }

    [Fact]
    public void What_was_observed_is_bounded()
    {
        var heard = new Observed<int>(capacity: 2);
        foreach (var n in Enumerable.Range(1, 5)) heard.Record(n);

        Assert.Equal([4, 5], heard.Snapshot());
        Assert.Equal(3, heard.Forgotten);
    }
}
