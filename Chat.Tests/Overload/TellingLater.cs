using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>Under load who came and went is told in rounds, once each.</summary>
public sealed class TellingLater
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);
    private static readonly OverloadOptions Tunables = new();

    private readonly FakeTimeProvider _time = new();
    private readonly LoadGauge _gauge;
    private readonly LaterTold _later;
    private readonly KnownUser _user = new(new UserId(Guid.NewGuid()));

    public TellingLater()
    {
        _gauge = new LoadGauge(Options.Create(Tunables), _time, NullLogger<LoadGauge>.Instance);
        _later = new LaterTold(_gauge, Usual);
        _later.TakeDue(_time.GetUtcNow());
    }

    [Fact]
    public void Without_load_it_is_told_at_once()
    {
        Assert.False(_later.TryPutOff(_user));
        Assert.Empty(_later.TakeDue(_time.GetUtcNow()));
    }

    [Fact]
    public void Under_load_it_waits_for_the_round_and_is_told_once()
    {
        _gauge.Refused();
        Assert.True(_later.TryPutOff(_user));
        Assert.True(_later.TryPutOff(_user));

        _time.Advance((Usual * Tunables.PresenceApartTimes) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_later.TakeDue(_time.GetUtcNow()));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Same(_user, Assert.Single(_later.TakeDue(_time.GetUtcNow())));
        Assert.Empty(_later.TakeDue(_time.GetUtcNow() + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Once_the_load_is_over_nobody_waits_any_longer()
    {
        _gauge.Refused();
        Assert.True(_later.TryPutOff(_user));
        for (var i = 0; i < 60; i++)
        {
            _time.Advance(Tunables.LookEvery);
            _gauge.Look();
        }

        Assert.Equal(LoadLevel.Normal, _gauge.Level);
        Assert.Single(_later.TakeDue(_time.GetUtcNow()));
    }
}
