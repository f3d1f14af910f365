using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>Who hides is not seen, and does not see; at once, also by those who watch already.</summary>
[Collection(ProcessTests.Collection)]
public sealed class HidingPresence(ITestOutputHelper output)
{
    [Fact]
    public async Task Who_hides_from_everybody_vanishes_at_once_and_sees_nobody()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var (people, alice, bob) = await WatchingEachOtherAsync(town);

        var privacy = await bob.Chat.SetPrivacyAsync(new Privacy { LastSeen = "nobody" });

        Assert.Equal(("nobody", true), (privacy.LastSeen, privacy.ReadReceipts));
        Assert.Null((await alice.SeesAsync(people[1], online: false)).LastSeen);
        Assert.Null((await bob.SeesAsync(people[0], online: false)).LastSeen);
        Assert.Null((await alice.LooksAtAsync(people[1])).LastSeen);
        Assert.Null((await bob.LooksAtAsync(people[0])).LastSeen);

        var (seenByAlice, seenByBob) = (alice.Presences.Snapshot().Count, bob.Presences.Snapshot().Count);
        await bob.Chat.SetPrivacyAsync(new Privacy { LastSeen = "everyone" });
        await alice.SeesAsync(people[1], online: true, after: seenByAlice);
        await bob.SeesAsync(people[0], online: true, after: seenByBob);
    }

    [Fact]
    public async Task A_block_hides_both_from_each_other_until_it_is_lifted()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var (people, alice, bob) = await WatchingEachOtherAsync(town);

        await alice.Chat.BlockAsync(people[1].Id);

        Assert.Null((await alice.SeesAsync(people[1], online: false)).LastSeen);
        Assert.Null((await bob.SeesAsync(people[0], online: false)).LastSeen);
        var (seenByAlice, seenByBob) = (alice.Presences.Snapshot().Count, bob.Presences.Snapshot().Count);
        await alice.Chat.UnblockAsync(people[1].Id);
        await alice.SeesAsync(people[1], online: true, after: seenByAlice);
        await bob.SeesAsync(people[0], online: true, after: seenByBob);
    }

    [Fact]
    public async Task Contacts_are_those_whom_the_owner_has_written_to()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var (people, alice, bob) = await WatchingEachOtherAsync(town);
        await alice.Sends("hello").To(people[1]);
        await bob.Chat.SetPrivacyAsync(new Privacy { LastSeen = "contacts" });
        // Alice has written to him, not he to her.
        Assert.Null((await alice.SeesAsync(people[1], online: false)).LastSeen);
        Assert.Null((await alice.LooksAtAsync(people[1])).LastSeen);

        await bob.Sends("hello yourself").To(people[0]);
        await bob.Chat.SetPrivacyAsync(new Privacy { LastSeen = "contacts" });

        Assert.True((await Eventually.YieldsAsync(
            "Alice to see Bob again", () => alice.LooksAtAsync(people[1]), seen => seen.Online)).Online);
        Assert.True((await bob.LooksAtAsync(people[0])).Online);
    }

    private static async Task<(Person[] People, Device Alice, Device Bob)> WatchingEachOtherAsync(PresenceTown town)
    {
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        await alice.LooksAtAsync(people[1]);
        await bob.LooksAtAsync(people[0]);
        await alice.Chat.ReportActivityAsync();
        await bob.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);
        await bob.SeesAsync(people[0], online: true);
        return (people, alice, bob);
    }
}
