using Chat.Delivery;
using Chat.Ids;
using Chat.Presence;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>Typing costs one push a gateway, and is the first that gives way where a gateway is slow.</summary>
public sealed class PushingTyping
{
    private const int QueuedMax = 80;

    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly SiloAddress West = ScriptedCluster.Silo(12);
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    private readonly ScriptedCluster _cluster = new();

    [Fact]
    public async Task In_a_group_of_two_hundred_it_is_one_push_a_gateway_and_none_to_the_typist()
    {
        var users = ScriptedCluster.Users(200);
        for (var i = 0; i < users.Length; i++) _cluster.Put(users[i], (i % 2 == 0 ? East : West, i + 1));
        var fanout = _cluster.Fanout();
        var audience = fanout.Gather(users, isDirect: false);
        await audience.EnsureAsync();

        fanout.PushTyping(new TypingChanged(Chat, users[0], Typing: true), audience);
        fanout.PushChanged(Chat, users, origin: 0);

        await _cluster.Delivered.UntilAsync(
            "what comes after it", all => all.Count(one => one.Push.Changed is not null) == 2);
        var typing = _cluster.Delivered.Snapshot().Where(one => one.Push.Typing is not null)
            .ToDictionary(one => one.Gateway, one => one.Push.Users);
        Assert.Equal([East, West], typing.Keys.Order());
        Assert.Equal((99, 100), (typing[East].Length, typing[West].Length));
        Assert.DoesNotContain(users[0], typing[East]);
    }

    [Fact]
    public async Task Where_it_is_to_many_it_holds_up_no_send_and_is_dropped_once_the_room_is_taken()
    {
        var answer = new TaskCompletionSource();
        _cluster.GatewaysAnswer = answer.Task;
        var users = ScriptedCluster.Users(Push.ManyUsers);
        foreach (var user in users) _cluster.Put(user, (East, 1));
        var lanes = _cluster.Lanes();
        var fanout = _cluster.Fanout(lanes);
        var audience = fanout.Gather(users, isDirect: false);
        await audience.EnsureAsync();
        var typing = new Push(users, Typing: new TypingChanged(Chat, users[0], Typing: true));
        Say();
        await _cluster.Delivered.UntilAsync("the gateway to be busy", all => all.Count == 1);

        for (var i = 0; i < 100; i++) lanes.Enqueue(East, typing);
        Assert.True(fanout.HasRoom(audience));
        for (var i = 0; i < 16; i++) Say();
        Assert.False(fanout.HasRoom(audience));
        lanes.Enqueue(East, typing);
        answer.SetResult();

        var whole = await _cluster.Delivered.UntilAsync(
            "all of the rest", all => all.Count(one => one.Push.Changed is not null) == 17);
        Assert.Equal(16, whole.Count(one => one.Push.Typing is not null));
        Assert.DoesNotContain(whole, one => one.Push.Resync);
        await Eventually.HoldsAsync("the room to be free again", () => fanout.HasRoom(audience));

        void Say() => lanes.Enqueue(East, new Push(users, Changed: Chat));
    }

    [Fact]
    public async Task Where_a_gateway_is_slow_it_gives_way_before_presence_and_presence_before_messages()
    {
        var answer = new TaskCompletionSource();
        _cluster.GatewaysAnswer = answer.Task;
        var user = ScriptedCluster.Users(1)[0];
        var lanes = _cluster.Lanes(QueuedMax);
        var typing = new Push([user], Typing: new TypingChanged(Chat, user, Typing: true));
        var presence = new Push([user], Presence: new UserPresence(user, true, DateTimeOffset.UnixEpoch));
        Enqueue(1);
        await _cluster.Delivered.UntilAsync("the gateway to be busy", all => all.Count == 1);

        Enqueue(QueuedMax / 8 - 1);
        lanes.Enqueue(East, typing);
        lanes.Enqueue(East, typing);
        lanes.Enqueue(East, presence);
        Enqueue(QueuedMax / 8);
        lanes.Enqueue(East, presence);
        Enqueue(1);
        answer.SetResult();

        var whole = await _cluster.Delivered.UntilAsync(
            "all of the rest", all => all.Count(one => one.Push.Changed is not null) == QueuedMax / 4 + 1);
        Assert.Single(whole, one => one.Push.Typing is not null);
        Assert.Single(whole, one => one.Push.Presence is not null);
        Assert.DoesNotContain(whole, one => one.Push.Resync);

        void Enqueue(int count)
        {
            for (var i = 0; i < count; i++) lanes.Enqueue(East, new Push([user], Changed: Chat));
        }
    }
}
