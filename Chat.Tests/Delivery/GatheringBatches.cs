using Chat.Delivery;
using Chat.Overload;
using Chat.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>A lane whose last batch came in company waits a little for the next one's.</summary>
public sealed class GatheringBatches
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(4);

    private readonly SignallingTime _time = new();
    private readonly Observed<int[]> _sent = new();
    private readonly OutgoingLane<int> _lane;

    public GatheringBatches()
    {
        var calm = new LoadGauge(Options.Create(new OverloadOptions()), _time, NullLogger<LoadGauge>.Instance);
        _lane = new OutgoingLane<int>(16, 16, Apart, SendAsync, (_, _) => false, () => false, calm, _time)
        {
            Gathers = true,
        };
    }

    [Fact]
    public async Task After_several_and_a_short_rest_the_first_waits_for_company()
    {
        await SendTwoAsync();
        _time.Advance(Apart);

        _lane.TryEnqueue(4);
        var waits = await _time.Waits.UntilAsync("the lane to gather", all => all.Count == 2);
        Assert.True(waits[1] < Apart);
        _lane.TryEnqueue(5);
        _time.Advance(waits[1]);

        await SentAsync(3, [4, 5]);
    }

    [Fact]
    public async Task After_several_and_a_long_rest_the_first_goes_at_once()
    {
        await SendTwoAsync();
        _time.Advance(8 * Apart);

        _lane.TryEnqueue(4);

        await SentAsync(3, [4]);
        Assert.Single(_time.Waits.Snapshot());
    }

    [Fact]
    public async Task After_one_alone_the_next_goes_at_once()
    {
        _lane.TryEnqueue(1);
        await SentAsync(1, [1]);
        _time.Advance(Apart);

        _lane.TryEnqueue(2);

        await SentAsync(2, [2]);
        Assert.Empty(_time.Waits.Snapshot());
    }

    /// <summary>One alone, and two in one batch behind it.</summary>
    private async Task SendTwoAsync()
    {
        _lane.TryEnqueue(1);
        await SentAsync(1, [1]);
        _lane.TryEnqueue(2);
        _lane.TryEnqueue(3);
        await _time.Waits.UntilAsync("the second batch to wait its turn", all => all.Count == 1);
        _time.Advance(Apart);
        await SentAsync(2, [2, 3]);
    }

    private async Task SentAsync(int batches, int[] last)
    {
        var sent = await _sent.UntilAsync($"batch {batches}", all => all.Count == batches);
        Assert.Equal(last, sent[^1]);
    }

    private Task SendAsync(List<int> batch)
    {
        _sent.Record([.. batch]);
        return Task.CompletedTask;
    }
}
