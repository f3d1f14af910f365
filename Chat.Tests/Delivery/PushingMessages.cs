using Chat.Conversations;
using Chat.Ids;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>A group's message costs one push a gateway, however many of its members are there.</summary>
public sealed class PushingMessages
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly SiloAddress West = ScriptedCluster.Silo(12);
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    private readonly ScriptedCluster _cluster = new();

    [Fact]
    public async Task To_a_group_of_two_hundred_it_is_one_push_a_gateway_with_all_who_are_there()
    {
        var users = ScriptedCluster.Users(200);
        for (var i = 0; i < users.Length; i++) _cluster.Put(users[i], (i % 2 == 0 ? East : West, i + 1));
        var fanout = _cluster.Fanout();
        var audience = fanout.Gather(users, isDirect: false);
        await audience.EnsureAsync();
        var content = new Content { Kind = ContentKind.Text, Text = "hello" };

        fanout.PushMessage(
            new Message(Chat, 1, "m", users[0], DateTimeOffset.UnixEpoch, content), audience, origin: 1);
        fanout.PushChanged(Chat, users, origin: 0);

        var all = await _cluster.Delivered.UntilAsync(
            "what comes after it", all => all.Count(one => one.Push.Changed is not null) == 2);
        var pushed = all.Where(one => one.Push.Message is not null).OrderBy(one => one.Gateway).ToArray();
        Assert.Equal([East, West], pushed.Select(one => one.Gateway));
        // The sender's other devices hear it too; his gateway leaves out the one that sent it.
        Assert.Equal(users.Where((_, i) => i % 2 == 0), pushed[0].Push.Users);
        Assert.Equal(users.Where((_, i) => i % 2 != 0), pushed[1].Push.Users);
        Assert.All(pushed, one => Assert.Equal(1, one.Push.Except));
    }
}
