using Chat.Delivery;
using Chat.Overload;
using Chat.Tests.Groups;
using Chat.Tests.Harness;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>Two silos, two gateways: a group's typists are told of seldom, whoever is online where.</summary>
[Collection(PromiseTests.Collection)]
public sealed class TypingInALargeGroup(PromiseCluster house, ITestOutputHelper output)
{
    private const int Members = 200;

    /// <summary>So many that what goes to a gateway goes the way of the many, without the typist.</summary>
    private const int Online = 2 * (Push.ManyUsers + 1);

    [Fact]
    public async Task All_who_are_there_are_told_of_a_typist()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, Members, Circle.Crowd(Members), online: Online);

        // A busy machine may drop it: then another one is told of, once it has come to rest.
        foreach (var typist in circle.Devices)
        {
            await Eventually.HoldsAsync("nothing to drop typing", IsCalmAsync);
            await typist.Chat.SetTypingAsync(circle.Chat, typing: true);
            await typist.InsistAsync(circle.Chat, $"done, {typist.Owner}");
            var others = circle.Devices.Where(device => device != typist).ToArray();
            foreach (var other in others) await other.HearsAsync($"done, {typist.Owner}");
            if (others.All(other => other.Typings.Snapshot().Any(one => one.UserId == typist.Owner.Id))) return;
        }

        Assert.Fail("Of no typist all were told.");

        async Task<bool> IsCalmAsync()
        {
            var members = house.Cluster.Silos.Concat(house.Cluster.Gateways);
            var levels = await Task.WhenAll(
                members.Select(member => Metrics.ReadAsync(member.Address, "chat_load_level")));
            return levels.All(level => level < (double)LoadLevel.DropsTyping);
        }
    }

    [Fact]
    public async Task No_device_is_told_twice_of_a_typist_however_often_he_says_so()
    {
        await using var town = await house.EnterAsync(output);
        var circle = await Circle.FormAsync(town, Members, Circle.Crowd(Members), online: 16);
        var typists = circle.Devices.Take(2).ToArray();

        for (var i = 0; i < 50; i++)
            foreach (var typist in typists)
                await typist.Chat.SetTypingAsync(circle.Chat, typing: i % 2 == 0);
        // Pushed after whatever there was of typing.
        foreach (var typist in typists) await typist.InsistAsync(circle.Chat, $"done, {typist.Owner}");

        foreach (var device in circle.Devices)
        {
            var others = typists.Where(typist => typist != device).ToArray();
            foreach (var other in others) await device.HearsAsync($"done, {other.Owner}");
            var heard = device.Typings.Snapshot().Where(one => one.ConversationId == circle.Chat)
                .Select(one => (one.UserId, one.Typing)).ToArray();
            // A busy machine may drop it, so at most.
            Assert.Subset(others.Select(typist => (typist.Owner.Id, true)).ToHashSet(), heard.ToHashSet());
            Assert.Distinct(heard);
        }
    }
}
