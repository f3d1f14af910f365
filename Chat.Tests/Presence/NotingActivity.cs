using Chat.Gateway.Presence;
using Chat.Hosting;
using Chat.Ids;
using Chat.Presence;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Presence;

/// <summary>What of a user's activity travels at once, and what waits.</summary>
public sealed class NotingActivity
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly ActivityShard _shard;
    private readonly UserId _alice = new UserId(Guid.NewGuid());

    public NotingActivity() => _shard = new ActivityShard(Apart, Long, _time);

    [Fact]
    public void Who_comes_and_goes_is_published_at_once()
    {
        _shard.Came(_alice);
        Assert.True(Assert.Single(_shard.TakeNoted()!.Value.Users).IsConnected);

        _shard.Left(_alice);
        Assert.False(Assert.Single(_shard.TakeNoted()!.Value.Users).IsConnected);
    }

    [Fact]
    public void The_first_input_and_input_after_a_long_rest_are_published_at_once()
    {
        Come();

        _shard.Input(_alice);
        Assert.NotNull(_shard.TakeNoted());

        _time.Advance(Long);
        _shard.Input(_alice);
        Assert.NotNull(_shard.TakeNoted());
    }

    [Fact]
    public void Further_input_waits_and_then_travels()
    {
        Come();
        _shard.Input(_alice);
        _shard.TakeNoted();

        _time.Advance(Apart);
        _shard.Input(_alice);
        var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Null(_shard.TakeNoted());

        _time.Advance(Apart - TimeSpan.FromMilliseconds(1));
        Assert.Null(_shard.TakeNoted());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(at, Assert.Single(_shard.TakeNoted()!.Value.Users).InputAt);
        Assert.Null(_shard.TakeNoted());
    }

    [Fact]
    public void Input_right_after_a_note_waits_too_and_is_not_forgotten()
    {
        Come();
        _shard.Input(_alice);
        _shard.TakeNoted();

        _time.Advance(TimeSpan.FromSeconds(1));
        _shard.Input(_alice);
        _time.Advance(TimeSpan.FromSeconds(1));
        _shard.Input(_alice);
        var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _time.Advance(Apart - TimeSpan.FromSeconds(2));
        Assert.Null(_shard.TakeNoted());

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(at, Assert.Single(_shard.TakeNoted()!.Value.Users).InputAt);
    }

    [Fact]
    public void Who_drops_and_is_back_at_once_keeps_his_last_input()
    {
        Come();
        _shard.Input(_alice);
        var at = _time.GetUtcNow().ToUnixTimeMilliseconds();

        _shard.Left(_alice);
        _shard.Came(_alice);

        var noted = Assert.Single(_shard.TakeNoted()!.Value.Users);
        Assert.True(noted.IsConnected);
        Assert.Equal(at, noted.InputAt);
    }

    [Fact]
    public void Who_went_meanwhile_is_not_said_to_be_there()
    {
        Come();
        _shard.Input(_alice);
        _shard.TakeNoted();
        _time.Advance(TimeSpan.FromSeconds(1));
        _shard.Input(_alice);
        _shard.Left(_alice);

        _time.Advance(Apart);

        Assert.False(Assert.Single(_shard.TakeNoted()!.Value.Users).IsConnected);
    }

    [Fact]
    public void What_waits_travels_with_somebody_elses_news()
    {
        Come();
        _shard.Input(_alice);
        _shard.TakeNoted();
        _time.Advance(Apart);
        _shard.Input(_alice);

        _shard.Came(new UserId(Guid.NewGuid()));

        Assert.Equal(2, _shard.TakeNoted()!.Value.Users.Length);
    }

    [Fact]
    public void Input_is_never_published_so_late_that_the_user_would_seem_to_be_offline()
    {
        var options = new PresenceOptions();
        Assert.True(options.OnlineFor / 2 + options.NoteApart + options.PublishEvery < options.OnlineFor);
        Assert.True(options.NoteApart + options.RenewEvery < options.OnlineFor);
    }

    [Fact]
    public void By_default_what_a_killed_silo_has_not_written_of_times_last_seen_is_half_a_minute_at_most()
    {
        var options = new PresenceOptions();
        var heardAfter = options.NoteApart + options.PublishEvery + ClusterHosting.StreamLookEvery;
        Assert.True(heardAfter + options.WriteEvery <= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void By_default_a_dropped_connection_has_ten_seconds_and_typing_is_told_every_three()
    {
        var options = new PresenceOptions();
        Assert.Equal(TimeSpan.FromSeconds(10), options.Grace);
        Assert.Equal(TimeSpan.FromSeconds(3), options.TypingApart);
    }

    private void Come()
    {
        _shard.Came(_alice);
        _shard.TakeNoted();
    }
}
