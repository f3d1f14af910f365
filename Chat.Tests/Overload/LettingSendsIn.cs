using Chat.Gateway.Overload;
using Chat.Overload;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>A gateway lets in as many sends as get answered in time, and refuses the rest at once.</summary>
public sealed class LettingSendsIn
{
    private static readonly OverloadOptions Tunables = new()
    {
        WarmUp = TimeSpan.Zero,
        SendsWithin = TimeSpan.FromMilliseconds(700),
        SendsWithinRefusing = TimeSpan.FromMilliseconds(700),
        LetInAtLeast = TimeSpan.Zero,
        SendsUnderWayMin = 100,
        SendsUnderWayCalm = 500,
        SendsUnderWayFirst = 1_000,
        SendsUnderWayMax = 2_000,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly LoadGauge _gauge;
    private readonly SendDoor _door;
    private TimeSpan _poolDelay;

    public LettingSendsIn()
    {
        _gauge = new LoadGauge(Options.Create(Tunables), _time, NullLogger<LoadGauge>.Instance);
        _door = new SendDoor(Tunables, _gauge, () => _poolDelay, _time, static () => { });
    }

    [Fact]
    public void What_exceeds_the_limit_is_refused_and_counted_nowhere()
    {
        Fill();

        Assert.False(_door.TryEnter(out _));

        Assert.Equal(1_000, _door.UnderWay);
        Assert.Equal(LoadLevel.RefusesSends, _gauge.Level);
    }

    [Fact]
    public void After_the_first_refusal_no_place_is_given_again_until_half_of_what_a_calm_leaves_open_is_inside()
    {
        var inside = Tunables.SendsUnderWayCalm / 2;
        var entered = Fill();
        Assert.False(_door.TryEnter(out _));

        while (_door.UnderWay > inside) _door.Leave(entered);

        Assert.False(_door.TryEnter(out _));
        _door.Leave(entered);
        Assert.True(_door.TryEnter(out _));
        Assert.False(_door.TryEnter(out _));
    }

    [Fact]
    public void What_is_answered_soon_at_the_best_pace_of_late_stays_open_at_the_first_refusal()
    {
        for (var i = 0; i < 5; i++) Round(TimeSpan.FromSeconds(0.5), of: 400);
        Fill();

        Assert.False(_door.TryEnter(out _));

        Assert.Equal(800 * Tunables.SendsWithinRefusing.TotalSeconds, _door.Limit);
    }

    [Fact]
    public void Only_the_first_refusal_after_a_calm_brings_the_limit_down()
    {
        var options = new OverloadOptions
        {
            WarmUp = TimeSpan.Zero,
            SendsWithinRefusing = TimeSpan.FromMilliseconds(700),
            SendsUnderWayCalm = 1_000,
            SendsUnderWayFirst = 1_000,
        };
        var door = new SendDoor(options, _gauge, () => _poolDelay, _time, static () => { });
        Serve(door, int.MaxValue, TimeSpan.FromMilliseconds(690));
        Assert.Equal(500, door.Limit);
        for (var i = 0; i < 5; i++) Serve(door, (door.Limit / 2) + 1, TimeSpan.FromMilliseconds(690));
        var grown = door.Limit;

        Serve(door, int.MaxValue, TimeSpan.Zero);

        Assert.InRange(grown, 600, 1_000);
        Assert.Equal(grown, door.Limit);
    }

    [Fact]
    public void While_the_process_warms_up_a_refusal_brings_nothing_down()
    {
        var options = new OverloadOptions();
        var door = new SendDoor(options, _gauge, () => _poolDelay, _time, static () => { });

        Serve(door, int.MaxValue, TimeSpan.Zero);

        Assert.Equal(options.SendsUnderWayFirst, door.Limit);
    }

    [Fact]
    public void Late_answers_let_fewer_in_down_to_the_least_and_prompt_ones_more_again()
    {
        for (var i = 0; i < 20; i++) Round(Tunables.SendsWithin * 2);
        Assert.Equal(Tunables.SendsUnderWayMin, _door.Limit);

        for (var i = 0; i < 100; i++) Round(Tunables.LookEvery);
        Assert.Equal(Tunables.SendsUnderWayMax, _door.Limit);
    }

    [Fact]
    public void Unused_the_limit_comes_back_to_what_a_calm_leaves_open()
    {
        for (var i = 0; i < 200; i++) Round(Tunables.LookEvery, of: 32);

        Assert.InRange(_door.Limit, Tunables.SendsUnderWayCalm, Tunables.SendsUnderWayCalm + 5);
    }

    [Fact]
    public void After_a_storm_a_calm_opens_it_again()
    {
        for (var i = 0; i < 20; i++) Round(Tunables.SendsWithin * 2);
        Assert.Equal(Tunables.SendsUnderWayMin, _door.Limit);

        for (var i = 0; i < 200; i++) Round(Tunables.LookEvery, of: 32);

        Assert.InRange(_door.Limit, Tunables.SendsUnderWayCalm - 5, Tunables.SendsUnderWayCalm);
    }

    [Fact]
    public void While_the_process_warms_up_it_is_not_judged()
    {
        var options = new OverloadOptions { WarmUp = TimeSpan.FromSeconds(30) };
        var door = new SendDoor(options, _gauge, () => _poolDelay, _time, static () => { });
        for (var second = 0; second < 29; second++) Serve(door, 200, TimeSpan.FromSeconds(1));

        Assert.Equal(options.SendsUnderWayFirst, door.Limit);
    }

    [Fact]
    public void What_waits_for_a_thread_before_and_behind_it_counts_too()
    {
        _poolDelay = Tunables.SendsWithin / 10;

        for (var i = 0; i < 40; i++) Round(Tunables.SendsWithin * 0.9);

        Assert.Equal(Tunables.SendsUnderWayMin, _door.Limit);
    }

    [Fact]
    public void Once_somebody_is_refused_those_who_are_let_in_are_to_be_served_sooner()
    {
        var options = new OverloadOptions { WarmUp = TimeSpan.Zero };
        var door = new SendDoor(options, _gauge, () => _poolDelay, _time, static () => { });
        var between = (options.SendsWithin + options.SendsWithinRefusing) / 2;
        for (var i = 0; i < 10; i++) Serve(door, 600, between);
        Assert.InRange(door.Limit, options.SendsUnderWayCalm, options.SendsUnderWayMax);

        for (var i = 0; i < 10; i++) Serve(door, int.MaxValue, between);

        Assert.InRange(door.Limit, options.SendsUnderWayMin, options.SendsUnderWayCalm);
    }

    [Fact]
    public void What_was_answered_in_time_during_the_warm_up_hides_nothing_after_it()
    {
        var options = new OverloadOptions { WarmUp = TimeSpan.FromSeconds(30) };
        var door = new SendDoor(options, _gauge, () => _poolDelay, _time, static () => { });
        for (var second = 0; second < 30; second++) Serve(door, 500, TimeSpan.FromSeconds(1));

        for (var i = 0; i < 2; i++) Serve(door, 500, options.SendsWithin * 2);

        Assert.InRange(door.Limit, options.SendsUnderWayMin, options.SendsUnderWayCalm);
    }

    [Fact]
    public void However_late_the_answers_what_was_served_in_a_moment_of_late_is_let_in()
    {
        var options = new OverloadOptions { WarmUp = TimeSpan.Zero };
        var door = new SendDoor(options, _gauge, () => _poolDelay, _time, static () => { });
        for (var i = 0; i < 10; i++) Serve(door, 2_000, TimeSpan.FromSeconds(1));

        for (var i = 0; i < 20; i++) Serve(door, int.MaxValue, options.SendsWithin * 2);

        var best = 2_000 * options.LetInAtLeast.TotalSeconds;
        Assert.InRange(door.Limit, best / 2, best);
    }

    [Fact]
    public void A_burst_past_the_limit_does_not_keep_a_door_shut_that_nobody_waited_at()
    {
        for (var i = 0; i < 10; i++) Round(TimeSpan.FromSeconds(0.5), of: 2);
        Fill();
        Assert.False(_door.TryEnter(out _));
        Assert.Equal(Tunables.SendsUnderWayCalm / 2, _door.Limit);

        for (var i = 0; i < 45; i++) Round(Tunables.LookEvery);

        Assert.InRange(_door.Limit, Tunables.SendsUnderWayFirst, Tunables.SendsUnderWayMax);
    }

    [Fact]
    public void Those_who_are_refused_come_back_one_after_another_at_the_pace_of_the_answers()
    {
        for (var i = 0; i < 10; i++) Round(TimeSpan.FromSeconds(0.5), of: 250);

        Assert.Equal(Tunables.ComeBackAfter + TimeSpan.FromSeconds(1), ComeBackIn(500));
        Assert.Equal(Tunables.ComeBackAfter + TimeSpan.FromSeconds(3), ComeBackIn(1_000));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Tunables.ComeBackAfter + TimeSpan.FromSeconds(2), ComeBackIn(500));
        Assert.Equal(Tunables.ComeBackMax, ComeBackIn(100_000));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Tunables.ComeBackAfter + TimeSpan.FromSeconds(1), ComeBackIn(500));
    }

    [Fact]
    public void The_answers_of_one_slow_moment_are_judged_once()
    {
        Round(TimeSpan.FromSeconds(1), of: 400);
        var entered = Fill();
        _time.Advance(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 500; i++) _door.Leave(entered);
        var judged = _door.Limit;
        _time.Advance(Tunables.LookEvery);

        for (var i = 0; i < 500; i++) _door.Leave(entered);

        Assert.Equal(140, judged);
        Assert.Equal(judged, _door.Limit);
    }

    [Fact]
    public void Each_is_late_by_its_own_arrival_not_by_that_of_those_with_whom_it_is_answered()
    {
        var between = Tunables.LookEvery * 0.75;
        for (var i = 0; i < 20; i++)
        {
            var early = Fill(of: 64);
            _time.Advance(between);
            var later = Fill(of: 100);
            var inside = _door.UnderWay;
            // The early ones are late by half of what lies between, the later ones in time by as much.
            _time.Advance(Tunables.SendsWithin - (between / 2));
            for (var left = 0; left < inside; left++) _door.Leave(left < 64 ? early : later);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Tunables.SendsUnderWayMin, _door.Limit);
    }

    /// <summary>As many as are let in, all answered after this time.</summary>
    private void Round(TimeSpan answeredAfter, int of = int.MaxValue)
    {
        var entered = Fill(of);
        var inside = _door.UnderWay;
        _time.Advance(answeredAfter);
        for (var i = 0; i < inside; i++) _door.Leave(entered);
    }

    /// <summary>So many, or as many of them as are let in, all answered after this time.</summary>
    private void Serve(SendDoor door, int most, TimeSpan answeredAfter)
    {
        long entered = 0;
        for (var i = 0; i < most && door.TryEnter(out var at); i++) entered = at;
        _time.Advance(answeredAfter);
        for (var left = door.UnderWay; left > 0; left--) door.Leave(entered);
    }

    /// <returns>What the last of so many who are refused is told.</returns>
    private TimeSpan ComeBackIn(int refused)
    {
        for (var i = 1; i < refused; i++) _door.ComeBackIn();
        return _door.ComeBackIn();
    }

    private long Fill(int of = int.MaxValue)
    {
        long entered = 0;
        for (var i = _door.UnderWay; i < Math.Min(of, _door.Limit); i++) Assert.True(_door.TryEnter(out entered));
        return entered;
    }
}
