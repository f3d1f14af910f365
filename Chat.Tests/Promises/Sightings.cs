using Chat.Tests.Language;
using Chat.Tests.Presence;

namespace Chat.Tests.Promises;

internal static class Sightings
{
    /// <summary>Alice at the first gateway sees Bob, at the second, online.</summary>
    public static async Task<(Person[] People, Device Alice, Device Bob)> SeeingBobAsync(this Town town)
    {
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(town.Gateways[0]);
        var bob = await people[1].OnAsync(town.Gateways[1]);
        await alice.LooksAtAsync(people[1]);
        await bob.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[1], online: true);
        return (people, alice, bob);
    }
}
