using System.Globalization;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>A gateway dies without a word: its devices lack nothing elsewhere, and nothing of it stays.</summary>
[Collection(PromiseTests.Collection)]
public sealed class LosingAGateway(PromiseCluster house, ITestOutputHelper output)
{
    private const int Messages = 100;

    [Fact]
    public async Task Its_users_reconnect_elsewhere_and_lack_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].WithLogOnAsync(town.Gateways[0], town.Gateways[1]);
        var bob = await people[1].OnAsync(town.Gateways[1]);
        var chat = await bob.OpenAsync(people[0]);

        var sending = Task.Run(async () =>
        {
            for (var n = 1; n <= Messages; n++) await bob.InsistAsync(chat, Text(n));
        });
        await alice.HearsAsync(Text(Messages / 4));
        Assert.False(sending.IsCompleted);
        await house.Cluster.Gateways[0].KillAsync();
        await Eventually.CompletesAsync("Bob's last answer", sending);

        await alice.HearsAsync(Text(Messages));
        Assert.Equal(town.Gateways[1], alice.Chat.Gateway);
        var heard = alice.Heard.Snapshot().Select(entry => entry.Message.Content.Text);
        Assert.Equal(Enumerable.Range(1, Messages).Select(Text), heard);
    }

    [Fact]
    public async Task No_ghost_of_its_connections_stays()
    {
        await using var town = await house.EnterAsync(output);
        var people = await town.WelcomeAsync("alice", "bob");
        var phone = await people[0].OnAsync(town.Gateways[0]);
        var tablet = await people[0].OnAsync(town.Gateways[1]);
        var bob = await people[1].OnAsync(town.Gateways[1]);
        var chat = await bob.OpenAsync(people[0]);
        await bob.InsistAsync(chat, "to both");
        await phone.HearsAsync("to both");
        await tablet.HearsAsync("to both");
        await using var view = await ClusterView.OpenAsync(house.Cluster);
        var (dead, left) = (house.Cluster.Gateways[0].Name, house.Cluster.Gateways[1].Name);
        Assert.Equal(new[] { dead, left }.Order(), await view.SessionsOfAsync(people[0]));

        await house.Cluster.Gateways[0].KillAsync();

        await bob.InsistAsync(chat, "to the one that is left");
        await tablet.HearsAsync("to the one that is left");
        await SessionsAsync(view, people[0], [left]);

        // A newcomer is attached as ever, at the survivor and at the gateway that comes back at the same address.
        await house.Cluster.Gateways[0].StartAsync();
        var watch = await people[0].OnAsync(town.Gateways[0]);
        await bob.InsistAsync(chat, "to a new one");
        await watch.HearsAsync("to a new one");
        await tablet.HearsAsync("to a new one");
        await phone.DisposeAsync();
        await SessionsAsync(view, people[0], [.. new[] { dead, left }.Order()]);
    }

    private static Task SessionsAsync(ClusterView view, Person person, string[] gateways) => Eventually.YieldsAsync(
        $"{person}'s grain to know of connections at {string.Join(" and ", gateways)} alone",
        async () => string.Join(" and ", await view.SessionsOfAsync(person)),
        known => known == string.Join(" and ", gateways));

    private static string Text(int n) => string.Create(CultureInfo.InvariantCulture, $"message {n}");
}
