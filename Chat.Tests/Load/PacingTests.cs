using Chat.Load.Measuring;
using CsCheck;
using Xunit;

namespace Chat.Tests.Load;

public sealed class PacingTests
{
    [Fact]
    public void The_first_is_due_at_once() => Assert.Equal(1, Pacing.DueBy(TimeSpan.Zero, rate: 20));

    /// <summary>Begun a turn later, each latency would count that turn as well: 50 ms at 20 a second.</summary>
    [Fact]
    public void Each_is_sent_as_soon_as_it_is_due() =>
        Gen.Select(Gen.Int[1, 100_000], Gen.Int[0, 10_000]).Sample((rate, n) =>
        {
            var dueAt = TimeSpan.FromTicks((long)Math.Ceiling((double)n * TimeSpan.TicksPerSecond / rate));
            Assert.Equal(n + 1, Pacing.DueBy(dueAt, rate));
            if (n > 0) Assert.Equal(n, Pacing.DueBy(dueAt - TimeSpan.FromTicks(1), rate));
        });
}
