using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Presence;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Who is online, and when somebody was last seen, over the death of processes.</summary>
[Collection(PromiseTests.Collection)]
public sealed class CrashingPresence(PromiseCluster house, ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_gateways_users_go_offline_without_any_goodbye(bool isFrozen)
    {
        await using var town = await house.EnterAsync(output);
        var (people, alice, _) = await town.SeeingBobAsync();
        var online = alice.Presences.Snapshot()[^1];
        var lost = house.Cluster.Gateways[1];

        if (isFrozen) lost.Freeze();
        else await lost.KillAsync();

        var offline = await alice.SeesAsync(people[1], online: false);
        Assert.Equal(online.LastSeen, offline.LastSeen);
        if (isFrozen) await lost.KillAsync();
    }

    [Fact]
    public async Task Who_has_a_device_at_another_gateway_stays_online_when_one_is_killed()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var laptop = await people[1].OnAsync(town.Gateways[0]);
        var phone = await people[1].OnAsync(town.Gateways[1]);
        var carol = await people[2].OnAsync(town.Gateways[1]);
        await alice.Chat.WatchAsync([people[1].Id, people[2].Id]);
        await phone.Chat.ReportActivityAsync();
        await carol.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);
        await alice.SeesAsync(people[2], online: true);

        await house.Cluster.Gateways[1].KillAsync();

        await alice.SeesAsync(people[2], online: false);
        Assert.True((await alice.LooksAtAsync(people[1])).Online);
        Assert.DoesNotContain(alice.Presences.Snapshot(), one => one.UserId == people[1].Id && !one.Online);
        await laptop.DisposeAsync();
        await alice.SeesAsync(people[1], online: false);
    }

    [Fact]
    public async Task A_killed_silo_loses_no_time_last_seen_that_was_written_and_who_stays_is_seen_again()
    {
        await using var town = await house.EnterAsync(output);
        var (people, alice, bob) = await town.SeeingBobAsync();
        var carol = await town.WelcomeAsync("carol");
        var seenAt = alice.Presences.Snapshot()[^1].LastSeen;
        Assert.NotNull(seenAt);
        await Eventually.YieldsAsync("Bob's time in the store", () => StoredAsync(people[1]), at => at >= seenAt);
        await bob.DisposeAsync();
        await alice.SeesAsync(people[1], online: false);
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var doomed = (await view.SiloOfPresenceAsync(people[1]))!;

        await doomed.KillAsync();

        var device = await carol.OnAsync(town.Gateways[0]);
        var seen = await Device.AskAsync(() => device.LooksAtAsync(people[1]));
        Assert.Equal(seenAt, seen.LastSeen);
        // The new grain gives him the grace of a dropped connection, then nobody has renewed his.
        await Eventually.YieldsAsync("Bob offline", () => device.LooksAtAsync(people[1]), again => !again.Online);
        var before = alice.Presences.Snapshot().Count;
        bob = await people[1].OnAsync(town.Gateways[1]);
        await Device.AskAsync(async () => { await bob.Chat.ReportActivityAsync(); return true; });
        await alice.SeesAsync(people[1], online: true, after: before);
    }

    private async Task<DateTimeOffset?> StoredAsync(Person person)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(house.Cluster.ConnectionString) { Pooling = false };
        await using var database = new NpgsqlConnection(unpooled.ConnectionString);
        await database.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT at FROM last_seen WHERE user_id = $1", database);
        command.Parameters.AddWithValue(Guid.Parse(person.Id));
        return await command.ExecuteScalarAsync() is DateTime at ? new DateTimeOffset(at) : null;
    }
}
