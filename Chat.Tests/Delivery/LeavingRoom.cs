using Chat.Gateway.Delivery;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>After pushes to many users a gateway rests, while others are pushed to.</summary>
public sealed class LeavingRoom
{
    private readonly FakeTimeProvider _time = new();
    private readonly RoomForOthers _room;

    public LeavingRoom() => _room = new RoomForOthers(_time);

    [Fact]
    public void While_others_pass_pushes_to_many_rest_fourteen_times_as_long_as_they_took()
    {
        _room.Passed();

        AssertRests(took: 10, rest: 140);
    }

    [Fact]
    public void They_rest_a_quarter_of_a_second_at_most()
    {
        _room.Passed();

        AssertRests(took: 900, rest: 250);
    }

    [Fact]
    public void Where_nobody_has_passed_for_a_second_they_do_not_rest()
    {
        Assert.True(_room.BeginMany().AfterAsync().IsCompleted);
        _room.Passed();
        var rests = _room.BeginMany();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(rests.BetweenAsync().IsCompleted);
        Assert.True(rests.AfterAsync().IsCompleted);
    }

    [Fact]
    public void A_call_on_its_own_does_not_rest_between_its_pushes()
    {
        _room.Passed();
        var rests = _room.BeginMany();
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.True(rests.BetweenAsync().IsCompleted);
        AssertRests(rests.AfterAsync(), milliseconds: 140);
    }

    [Fact]
    public void A_call_soon_after_another_rests_between_its_pushes_and_takes_that_off_what_it_rests_in_all()
    {
        Assert.True(_room.BeginMany().AfterAsync().IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _room.Passed();
        var rests = _room.BeginMany();

        _time.Advance(TimeSpan.FromMilliseconds(5));
        AssertRests(rests.BetweenAsync(), milliseconds: 70);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        AssertRests(rests.BetweenAsync(), milliseconds: 140);
        _time.Advance(TimeSpan.FromMilliseconds(10));
        AssertRests(rests.AfterAsync(), milliseconds: 40);
    }

    private void AssertRests(int took, int rest)
    {
        var rests = _room.BeginMany();
        _time.Advance(TimeSpan.FromMilliseconds(took));
        AssertRests(rests.AfterAsync(), rest);
    }

    private void AssertRests(Task resting, int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.False(resting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(resting.IsCompleted);
    }
}
