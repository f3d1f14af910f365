using Chat.Gateway.Presence;
using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Chat.Tests.Delivery;
using Chat.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Streams;
using Xunit;

namespace Chat.Tests.Presence;

/// <summary>A stream that takes nothing is logged now and then, and costs its batches alone.</summary>
public sealed class LosingBatches : IDisposable
{
    private static readonly UserId Alice = ScriptedCluster.Users(1)[0];

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly LoggedLines<ActivityOutbox> _log = [];
    private readonly ActivityOutbox _outbox;

    public LosingBatches()
    {
        var full = new ServiceCollection().AddKeyedSingleton(
            PresenceShards.Streams,
            Played.By<IStreamProvider>((_, _) => throw new InvalidOperationException("The queue is full.")));
        var load = new LoadGauge(Options.Create(new OverloadOptions()), _time, NullLogger<LoadGauge>.Instance);
        _outbox = new ActivityOutbox(
            full.BuildServiceProvider(), new ScriptedCluster().Silos,
            Options.Create(new PresenceOptions { Shards = 1 }), load, _time, _log);
    }

    [Fact]
    public async Task Whatever_is_lost_within_a_minute_is_one_line_of_the_log()
    {
        for (var second = 0; second < 60; second++) await ComeAndGoAsync();
        Assert.StartsWith("1 notes of activity", Assert.Single(_log), StringComparison.Ordinal);

        await ComeAndGoAsync();

        Assert.StartsWith("60 notes of activity", _log[^1], StringComparison.Ordinal);
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public async Task Who_was_in_a_lost_batch_is_in_the_next_snapshot()
    {
        _outbox.Came(Alice);
        _outbox.Input(Alice);
        await _outbox.PublishAsync(0);

        var present = Assert.Single(_outbox.Snapshot(0).Connected);

        Assert.Equal((Alice, _time.GetUtcNow().ToUnixTimeMilliseconds()), (present.User, present.InputAt));
    }

    public void Dispose() => _outbox.Dispose();

    private Task ComeAndGoAsync()
    {
        _outbox.Came(Alice);
        _outbox.Left(Alice);
        var published = _outbox.PublishAsync(0);
        _time.Advance(TimeSpan.FromSeconds(1));
        return published;
    }
}
