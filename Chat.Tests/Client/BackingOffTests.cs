using Chat.Client;
using CsCheck;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>How long the client waits before it tries again.</summary>
public sealed class BackingOffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(15);

    [Fact]
    public void A_wait_lies_between_nothing_and_a_ceiling_that_doubles_up_to_its_end()
    {
        Gen.Int[0, 10_000].Sample(attempt =>
        {
            var wait = new BackOff(First, Max, new Random(attempt)).Wait(attempt);
            var ceiling = attempt < 5 ? First * Math.Pow(2, attempt) : Max;
            return wait >= TimeSpan.Zero && wait <= ceiling;
        });
    }

    [Fact]
    public void The_whole_range_is_used()
    {
        var backOff = new BackOff(First, Max, new Random(1));
        var waits = Enumerable.Range(0, 200).Select(_ => backOff.Wait(3) / (First * 8)).ToArray();

        Assert.Contains(waits, share => share < 0.1);
        Assert.Contains(waits, share => share > 0.9);
    }

    [Fact]
    public void What_the_server_asks_for_is_waited_in_full()
    {
        var asked = TimeSpan.FromSeconds(3);
        var wait = new BackOff(First, Max, new Random(1)).Wait(0, asked);

        Assert.InRange(wait, asked, asked + First);
    }
}
