using Chat.Client;
using Chat.Tests.Harness;

using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>
/// Promise 3 against two activations of one conversation, which Orleans allows for a moment and which are forced here:
/// two clusters that know nothing of each other run on one database, so each has its own activation of everything.
/// </summary>
[Collection(PromiseTests.Collection)]
public sealed class TwoWriters(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task One_wins_and_the_other_is_fenced()
    {
        await using var town = await house.EnterAsync(output);
        await using var rival = await StartRivalAsync();
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(rival.Gateways[0].Address);
        var chat = await alice.OpenAsync(people[1]);

        Assert.Equal(1, (await alice.SendOnceAsync(chat, "mine")).Seq);
        Assert.Equal(2, (await bob.SendOnceAsync(chat, "mine now")).Seq);
        var fenced = await Assert.ThrowsAsync<ChatException>(() => alice.SendOnceAsync(chat, "lost", "first try"));

        Assert.Equal(ErrorCodes.Unavailable, fenced.Code);
        Assert.True(fenced.Retryable);
        Assert.Equal(["mine", "mine now"], (await bob.ReadAllAsync(chat)).Select(m => m.Content.Text));
        Assert.Equal(3, (await alice.InsistAsync(chat, "mine again", "first try")).Seq);
        fenced = await Assert.ThrowsAsync<ChatException>(() => bob.SendOnceAsync(chat, "lost"));
        Assert.Equal(ErrorCodes.Unavailable, fenced.Code);
        Assert.Equal(4, (await bob.InsistAsync(chat, "and mine")).Seq);
    }

    [Fact]
    public async Task Writing_at_once_they_make_one_contiguous_log()
    {
        await using var town = await house.EnterAsync(output);
        await using var rival = await StartRivalAsync();
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(rival.Gateways[0].Address);
        var chat = await alice.OpenAsync(people[1]);
        var ledger = new Ledger();

        // The same ids from both sides, too: the first answer is the answer.
        await Task.WhenAll(Enumerable.Range(1, 60).SelectMany<int, Task>(n =>
        [
            ledger.InsistAsync(alice, chat, $"alice {n}", $"a{n}"),
            ledger.InsistAsync(bob, chat, $"bob {n}", $"b{n}"),
        ]));
        await ledger.InsistAsync(alice, chat, "again", "a1");
        await ledger.InsistAsync(bob, chat, "again", "b1");

        Assert.Equal(120, ledger.Count);
        await ledger.CompareAsync(alice, [chat]);
        await ledger.CompareAsync(bob, [chat]);
        ledger.Compare(await StoredLog.OfPostgresAsync(house.Cluster.ConnectionString));
    }

    private Task<ChatCluster> StartRivalAsync() => ChatCluster.StartAsync(
        house.Postgres,
        new ClusterSettings
        {
            Silos = 1,
            Gateways = 1,
            Environment =
            {
                ["ConnectionStrings__Chat"] = house.Cluster.ConnectionString,
                ["Chat__Auth__SigningKey"] = house.Cluster.SigningKey,
            },
        },
        output);
}
