using Chat.Delivery;
using Chat.Overload;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>Under load batches wait longer for one another.</summary>
public sealed class BatchingHarder
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(4);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task The_second_follows_after_that_many_times_as_long(bool loaded, int times)
    {
        var gauge = new LoadGauge(Options.Create(new OverloadOptions()), _time, NullLogger<LoadGauge>.Instance);
        if (loaded) gauge.Refused();
        var pace = new Pace(Usual, gauge, _time);
        await pace.WaitAsync();

        var second = pace.WaitAsync().AsTask();

        _time.Advance((Usual * times) - TimeSpan.FromTicks(1));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        await Harness.Eventually.CompletesAsync("the second batch's turn", second);
    }
}
