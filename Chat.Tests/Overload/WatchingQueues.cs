using Chat.Conversations;
using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Chat.Storage;
using Chat.Tests.Delivery;
using Chat.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>The queues on a message's way are looked at: where one stands still, that is load.</summary>
public sealed class WatchingQueues
{
    private static readonly OverloadOptions Tunables = new();
    private static readonly UserId User = ScriptedCluster.Users(1)[0];
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));
    private static readonly Content Hello = new() { Kind = ContentKind.Text, Text = "hello" };

    private readonly FakeTimeProvider _time = new();
    private readonly LoadGauge _gauge;

    public WatchingQueues() =>
        _gauge = new LoadGauge(Options.Create(Tunables), _time, NullLogger<LoadGauge>.Instance);

    [Fact]
    public void Entries_that_wait_for_a_commit_are_load()
    {
        var log = Played.By<IMessageLog>((method, _) =>
            method.Name == "get_LaneCount" ? 2 : throw new NotSupportedException(method.Name));
        // Not started: nothing is ever committed.
        using var lanes = new LogLanes(
            log, Options.Create(new LogOptions()), _gauge, _time, NullLogger<LogLane>.Instance);
        var cursor = new LogCursor(Chat, epoch: 1, lastSeq: 0);
        Look();
        Assert.Equal(LoadLevel.Normal, _gauge.Level);

        for (var i = 0; i < Tunables.QueuedMin; i++)
            lanes.For(Chat).Append(new PendingEntry(
                cursor, User, $"{i}", _time.GetUtcNow(), Hello, listFor: null));
        Look();

        Assert.Equal(LoadLevel.RefusesSends, _gauge.Level);
    }

    [Fact]
    public async Task Pushes_that_wait_for_a_gateway_are_load()
    {
        var answer = new TaskCompletionSource();
        var cluster = new ScriptedCluster { GatewaysAnswer = answer.Task };
        var lanes = cluster.Lanes(load: _gauge);
        lanes.Enqueue(ScriptedCluster.Home, new Push([User], Changed: Chat));
        await cluster.Delivered.UntilAsync("the gateway to be busy", all => all.Count == 1);
        Look();
        Assert.Equal(LoadLevel.Normal, _gauge.Level);

        for (var i = 0; i < Tunables.QueuedMin; i++)
            lanes.Enqueue(ScriptedCluster.Home, new Push([User], Changed: Chat));
        Look();

        Assert.Equal(LoadLevel.RefusesSends, _gauge.Level);
        answer.SetResult();
    }

    private void Look()
    {
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(Tunables.LookEvery);
            _gauge.Look();
        }
    }
}
