using Chat.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Hosting;

/// <summary>When a process stands still for a moment in order to give memory back.</summary>
public sealed class GivingMemoryBack
{
    private const long MiB = 1 << 20;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(0.6);

    private readonly FakeTimeProvider _time = new();
    private readonly TrimRule _rule;

    public GivingMemoryBack()
    {
        _rule = new TrimRule(_time);
        _rule.IsDue(Calm, 250 * MiB, 200 * MiB);
    }

    [Fact]
    public void Once_it_is_calm_and_not_before()
    {
        Assert.False(_rule.IsDue(Busy, 300 * MiB, 200 * MiB));
        Assert.True(_rule.IsDue(Calm, 300 * MiB, 200 * MiB));
    }

    [Fact]
    public void Only_what_has_grown_since_is_worth_it()
    {
        Trim(to: 250, TimeSpan.Zero);

        Assert.False(_rule.IsDue(Calm, 297 * MiB, 200 * MiB));
        Assert.True(_rule.IsDue(Calm, 298 * MiB, 200 * MiB));
    }

    [Fact]
    public void What_went_away_by_itself_counts_as_given_back()
    {
        Trim(to: 250, TimeSpan.Zero);
        _rule.IsDue(Calm, 150 * MiB, 100 * MiB);

        Assert.True(_rule.IsDue(Calm, 200 * MiB, 100 * MiB));
    }

    [Fact]
    public void Its_pauses_take_a_fiftieth_of_the_time_at_most()
    {
        Trim(to: 250, TimeSpan.FromMilliseconds(300));

        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(_rule.IsDue(Calm, 400 * MiB, 200 * MiB));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(_rule.IsDue(Calm, 400 * MiB, 200 * MiB));
    }

    [Fact]
    public void A_large_heap_would_stand_still_for_too_long()
    {
        Assert.True(_rule.IsDue(Calm, 900 * MiB, 512 * MiB));
        Assert.False(_rule.IsDue(Calm, 900 * MiB, 513 * MiB));
    }

    [Fact]
    public void What_it_started_with_stays() =>
        Assert.False(new TrimRule(_time).IsDue(Calm, 400 * MiB, 200 * MiB));

    private void Trim(long to, TimeSpan pause) => _rule.Trimmed(to * MiB, pause);
}
