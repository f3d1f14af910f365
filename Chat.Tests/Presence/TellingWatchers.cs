using Chat.Presence;
using Chat.Tests.Delivery;
using Xunit;

namespace Chat.Tests.Presence;

/// <summary>However many watch and however many give input, gateways and store are called once.</summary>
public sealed class TellingWatchers
{
    private static readonly SiloAddress East = ScriptedCluster.Silo(11);
    private static readonly SiloAddress West = ScriptedCluster.Silo(12);

    [Fact]
    public async Task A_change_is_one_push_to_each_gateway_however_many_watch_there()
    {
        var users = ScriptedCluster.Users(5);
        var share = await ScriptedShare.BeginAsync();
        await share.Grain.Watch(East, [new Watched(users[0], [users[1], users[2]])]);
        await share.Grain.Watch(East, [new Watched(users[0], [users[3]])]);
        await share.Grain.Watch(West, [new Watched(users[0], [users[4]])]);

        await share.HearsAsync(West, 1, share.Input(users[0]));

        var east = Assert.Single(await share.PushedToAsync(East));
        Assert.Equal(users[1..4], east.Users.OrderBy(user => user.Value));
        Assert.Equal(users[4..], Assert.Single(await share.PushedToAsync(West)).Users);
    }

    [Fact]
    public async Task A_hundred_users_last_inputs_are_written_by_one_call_and_once()
    {
        var users = ScriptedCluster.Users(100);
        var share = await ScriptedShare.BeginAsync();
        foreach (var (version, some) in users.Chunk(10).Index())
            await share.HearsAsync(East, version + 1, [.. some.Select(user => share.Input(user))]);
        Assert.Empty(share.Written);

        await share.WritesAsync();
        await share.WritesAsync();

        var written = Assert.Single(share.Written);
        Assert.Equal(users, written.Select(seen => seen.User).OrderBy(user => user.Value));
    }
}
