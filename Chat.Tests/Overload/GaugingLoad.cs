using Chat.Overload;
using Chat.Tests.Harness;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>The load level follows the longest queue: up after three looks that agree, down step by step.</summary>
public sealed class GaugingLoad
{
    private static readonly OverloadOptions Tunables = new();

    private readonly FakeTimeProvider _time = new();
    private readonly LoadGauge _gauge;
    private readonly LoggedLines<LoadGauge> _log = [];
    private long _queued;
    private long _done;
    private long _donePerSecond = 1_000;

    public GaugingLoad()
    {
        _gauge = new LoadGauge(Options.Create(Tunables), _time, _log);
        _gauge.Watch("the test's", () => _queued, () => _done);
        Look(times: 10);
    }

    [Theory]
    [InlineData(180, LoadLevel.Normal)]
    [InlineData(250, LoadLevel.BatchesHarder)]
    [InlineData(500, LoadLevel.DropsTyping)]
    [InlineData(700, LoadLevel.SlowsPresence)]
    [InlineData(900, LoadLevel.SlowsReceipts)]
    [InlineData(1_100, LoadLevel.PostponesCleanUp)]
    [InlineData(1_400, LoadLevel.RefusesSends)]
    [InlineData(90_000, LoadLevel.RefusesSends)]
    public void Each_fifth_of_a_second_to_drain_is_a_level(int drainMs, LoadLevel level)
    {
        _queued = drainMs;

        Look(times: 3);

        Assert.Equal(level, _gauge.Level);
    }

    [Fact]
    public void A_burst_that_is_gone_by_the_third_look_raises_nothing()
    {
        _queued = 800;
        Look(times: 2);
        _queued = 0;
        Look(times: 1);
        _queued = 500;
        Look(times: 2);

        Assert.Equal(LoadLevel.Normal, _gauge.Level);
    }

    [Fact]
    public void What_comes_after_a_rest_is_judged_by_the_pace_since_then()
    {
        _donePerSecond = 0;
        Look(times: 10);

        (_queued, _donePerSecond) = (500, 1_000);
        Look(times: 3);

        Assert.Equal(LoadLevel.DropsTyping, _gauge.Level);
    }

    [Fact]
    public void A_short_queue_is_no_load_even_where_nothing_moves()
    {
        (_queued, _donePerSecond) = (Tunables.QueuedMin - 1, 0);

        Look(times: 20);

        Assert.Equal(LoadLevel.Normal, _gauge.Level);
    }

    [Fact]
    public void A_queue_that_stands_still_is_the_highest_level()
    {
        (_queued, _donePerSecond) = (Tunables.QueuedMin, 0);

        Look(times: 10);

        Assert.Equal(LoadLevel.RefusesSends, _gauge.Level);
    }

    [Fact]
    public void It_falls_by_itself_one_level_after_another()
    {
        _queued = 10_000;
        Look(times: 3);
        _queued = 0;
        var seen = new List<LoadLevel>();

        for (var i = 0; i < 60; i++)
        {
            Look(times: 1);
            if (seen.Count == 0 || seen[^1] != _gauge.Level) seen.Add(_gauge.Level);
        }

        Assert.Equal(Enum.GetValues<LoadLevel>().Reverse(), seen);
    }

    [Fact]
    public void About_a_boundary_it_stays()
    {
        _queued = 620;
        Look(times: 3);

        for (var i = 0; i < 30; i++)
        {
            _queued = i % 2 == 0 ? 580 : 620;
            Look(times: 1);
            Assert.Equal(LoadLevel.SlowsPresence, _gauge.Level);
        }
    }

    [Fact]
    public void A_refused_send_is_the_highest_level_at_once_and_all_else_has_given_way()
    {
        _gauge.Refused();

        Assert.Equal(LoadLevel.RefusesSends, _gauge.Level);
        var usual = TimeSpan.FromSeconds(1);
        Assert.Equal(usual * Tunables.BatchesApartTimes, _gauge.BatchesApart(usual));
        Assert.Equal(usual * Tunables.PresenceApartTimes, _gauge.PresenceApart(usual));
        Assert.Equal(usual * Tunables.ReceiptsApartTimes, _gauge.ReceiptsApart(usual));
    }

    [Fact]
    public void Each_change_is_one_line_of_the_log_and_whatever_changes_nothing_is_none()
    {
        _queued = 500;
        Look(times: 10);
        _queued = 0;
        Look(times: 60);
        Assert.Equal(
            [
                "Load level DropsTyping, before Normal: longest is the test's, 500 ms to drain",
                "Load level BatchesHarder, before DropsTyping: longest is the test's, 0 ms to drain",
                "Load level Normal, before BatchesHarder: longest is the test's, 0 ms to drain",
            ],
            _log);

        _gauge.Refused();
        _gauge.Refused();
        Assert.Equal("Load level RefusesSends, before Normal: longest is sends, 0 ms to drain", _log[^1]);
        Assert.Equal(4, _log.Count);
    }

    private void Look(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(Tunables.LookEvery);
            _done += (long)(_donePerSecond * Tunables.LookEvery.TotalSeconds);
            _gauge.Look();
        }
    }
}
