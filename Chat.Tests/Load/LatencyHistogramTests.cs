using Chat.Load.Measuring;
using CsCheck;
using Xunit;

namespace Chat.Tests.Load;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_less_than_a_hundredth_above_the_exact_ones() =>
        Gen.Select(Gen.Int[0, 100_000_000].Array[1, 200], Gen.Int[1, 100]).Sample((durations, percent) =>
        {
            var histogram = new LatencyHistogram();
            foreach (var microseconds in durations) histogram.Add(TimeSpan.FromMicroseconds(microseconds));

            var rank = (int)Math.Ceiling(percent / 100.0 * durations.Length);
            var exact = durations.Order().ElementAt(rank - 1);
            var found = histogram.Percentile(percent / 100.0)!.Value.TotalMicroseconds;

            Assert.InRange(found, exact, (exact * 1.01) + 1);
            Assert.Equal(durations.Length, histogram.Count);
            Assert.Equal(TimeSpan.FromMicroseconds(durations.Max()), histogram.Max);
        });

    [Fact]
    public void Without_durations_there_is_no_percentile() => Assert.Null(new LatencyHistogram().Percentile(0.5));
}
