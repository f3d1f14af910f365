using Chat.Delivery;
using Chat.Ids;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>A push to many users holds up nobody else's, and a large group's senders wait for the gateways.</summary>
public sealed class LettingOthersPass
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly ConversationId Hot = new(new Guid(1, 2, 3, new byte[8]));
    private static readonly ConversationId Quiet = new(new Guid(4, 5, 6, new byte[8]));

    private readonly ScriptedCluster _cluster = new();
    private readonly TaskCompletionSource _answer = new();
    private readonly UserId[] _users = ScriptedCluster.Users(100);

    [Fact]
    public async Task A_push_to_few_goes_while_one_to_many_is_under_way()
    {
        var lanes = _cluster.Lanes();
        _cluster.GatewaysAnswer = _answer.Task;
        lanes.Enqueue(East, new Push(_users, Changed: Hot));
        await _cluster.Delivered.UntilAsync("the push to many to be under way", all => all.Count == 1);

        lanes.Enqueue(East, new Push(_users, Changed: Hot));
        lanes.Enqueue(East, new Push([_users[0]], Changed: Quiet));

        var passed = await _cluster.Delivered.UntilAsync("the push to one", all => all.Count == 2);
        Assert.Equal(Quiet, passed[1].Push.Changed);
        _answer.SetResult();
        await _cluster.Delivered.UntilAsync("the second push to many", all => all.Count == 3);
    }

    [Fact]
    public async Task Senders_to_a_large_group_wait_while_its_pushes_pile_up_and_go_on_after()
    {
        for (var i = 0; i < _users.Length; i++) _cluster.Put(_users[i], (East, i + 1));
        var lanes = _cluster.Lanes();
        var fanout = _cluster.Fanout(lanes);
        var audience = fanout.Gather(_users, isDirect: false);
        await audience.EnsureAsync();
        _cluster.GatewaysAnswer = _answer.Task;
        lanes.Enqueue(East, new Push(_users, Changed: Hot));
        await _cluster.Delivered.UntilAsync("the first to be under way", all => all.Count == 1);

        for (var i = 0; i < 15; i++) lanes.Enqueue(East, new Push(_users, Changed: Hot));
        Assert.True(fanout.HasRoom(audience));
        lanes.Enqueue(East, new Push(_users, Changed: Hot));
        var room = lanes.RoomAsync(audience.Places);

        Assert.False(room.IsCompleted);
        Assert.False(fanout.HasRoom(audience));
        _answer.SetResult();
        await Harness.Eventually.CompletesAsync("room for another post", room);
    }
}
