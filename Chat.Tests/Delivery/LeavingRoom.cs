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
        Assert.True(_room.RestAsync(_time.GetTimestamp()).IsCompleted);
        _room.Passed();
        var begun = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(_room.RestAsync(begun).IsCompleted);
    }

    private void AssertRests(int took, int rest)
    {
        var begun = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(took));
        var resting = _room.RestAsync(begun);
        _time.Advance(TimeSpan.FromMilliseconds(rest - 1));
        Assert.False(resting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(resting.IsCompleted);
    }
}
