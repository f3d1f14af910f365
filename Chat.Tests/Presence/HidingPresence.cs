using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>Who hides is not seen, and does not see; at once, also by those who watch already elsewhere.</summary>
[Collection(PromiseTests.Collection)]
public sealed class HidingPresence(PromptCluster cluster, ITestOutputHelper output) : IClassFixture<PromptCluster>
{
    [Fact]
    public async Task Who_hides_from_everybody_vanishes_at_once_and_sees_nobody()
    {
        await using var town = cluster.Enter(output);
        var (people, alice, bob) = await WatchingEachOtherAsync(town);

        var privacy = await bob.Chat.SetPrivacyAsync(new Privacy { LastSeen = "nobody" });

        Assert.Equal(("nobody", true), (privacy.LastSeen, privacy.ReadReceipts));
        Assert.Null((await alice.SeesAsync(people[1], online: false)).LastSeen);
        Assert.Null((await bob.SeesAsync(people[0], online: false)).LastSeen);
        Assert.Null((await alice.LooksAtAsync(people[1])).LastSeen);
        Assert.Null((await bob.LooksAtAsync(people[0])).LastSeen);

        var (seenByAlice, seenByBob) = (alice.Presences.Count, bob.Presences.Count);
        await bob.Chat.SetPrivacyAsync(new Privacy { LastSeen = "everyone" });
        await alice.SeesAsync(people[1], online: true, after: seenByAlice);
        await bob.SeesAsync(people[0], online: true, after: seenByBob);
    }

    [Fact]
    public async Task A_block_hides_both_from_each_other_until_it_is_lifted()
    {
        await using var town = cluster.Enter(output);
        var (people, alice, bob) = await WatchingEachOtherAsync(town);

        await alice.Chat.BlockAsync(people[1].Id);

        Assert.Null((await alice.SeesAsync(people[1], online: false)).LastSeen);
        Assert.Null((await bob.SeesAsync(people[0], online: false)).LastSeen);
        var (seenByAlice, seenByBob) = (alice.Presences.Count, bob.Presences.Count);
        await alice.Chat.UnblockAsync(people[1].Id);
        await alice.SeesAsync(people[1], online: true, after: seenByAlice);
        await bob.SeesAsync(people[0], online: true, after: seenByBob);
    }

    [Fact]
    public async Task Contacts_are_those_whom_the_owner_has_written_to_as_is_seen_with_the_next_renewal()
    {
        await using var quick = await PresenceTown.OpenAsync(output, ("RenewEvery", "00:00:00.4"));
        var (people, alice, bob) = await WatchingEachOtherAsync(quick.Town);
        await alice.Sends("hello").To(people[1]);
        await bob.Chat.SetPrivacyAsync(new Privacy { LastSeen = "contacts" });
        // Alice has written to him, not he to her.
        Assert.Null((await alice.SeesAsync(people[1], online: false)).LastSeen);
        Assert.Null((await bob.SeesAsync(people[0], online: false)).LastSeen);
        Assert.Null((await alice.LooksAtAsync(people[1])).LastSeen);

        var (seenByAlice, seenByBob) = (alice.Presences.Count, bob.Presences.Count);
        await bob.Sends("hello yourself").To(people[0]);

        await alice.SeesAsync(people[1], online: true, after: seenByAlice);
        await bob.SeesAsync(people[0], online: true, after: seenByBob);
    }

    [Fact]
    public async Task Whoever_looks_anew_sees_before_any_renewal_that_he_has_become_a_contact()
    {
        await using var calm = await PresenceTown.OpenAsync(output);
        var (people, alice, bob) = await WatchingEachOtherAsync(calm.Town);
        await bob.Chat.SetPrivacyAsync(new Privacy { LastSeen = "contacts" });
        Assert.Null((await alice.LooksAtAsync(people[1])).LastSeen);

        await bob.Sends("hello").To(people[0]);

        Assert.True((await bob.LooksAtAsync(people[0])).Online);
        Assert.True((await alice.LooksAtAsync(people[1])).Online);
    }

    /// <summary>Alice at the first gateway, Bob at the last.</summary>
    private static async Task<(Person[] People, Device Alice, Device Bob)> WatchingEachOtherAsync(Town town)
    {
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(town.Gateways[^1]);
        await alice.LooksAtAsync(people[1]);
        await bob.LooksAtAsync(people[0]);
        await alice.Chat.ReportActivityAsync();
        await bob.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);
        await bob.SeesAsync(people[0], online: true);
        return (people, alice, bob);
    }
}

/// <summary>Two silos and two gateways that renew so seldom that whatever a test sees came by a push.</summary>
public sealed class PromptCluster(PromiseCluster house) : IAsyncLifetime
{
    private ChatCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ChatCluster.StartAsync(
        await house.ServerAsync(), new ClusterSettings { Environment = PresenceTown.Quick });

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    internal Town Enter(ITestOutputHelper output) =>
        new(() => [.. _cluster.Gateways.Select(gateway => gateway.Address)], _cluster.Report, output);
}
