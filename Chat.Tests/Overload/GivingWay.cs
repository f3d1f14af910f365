using Chat.Client;
using Chat.Overload;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Presence;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Overload;

/// <summary>Under load typing gives way before a message does, and everything comes back by itself.</summary>
[Collection(ProcessTests.Collection)]
public sealed class GivingWay(ITestOutputHelper output)
{
    private const string Level = "chat_load_level";

    /// <summary>
    /// No answer is ever in time, so the door closes to two at once; what slows down under load stands still.
    /// </summary>
    private static Dictionary<string, string> Tight => new(PresenceTown.Quick)
    {
        ["Chat__Overload__SendsWithin"] = "00:00:00",
        ["Chat__Overload__SendsWithinRefusing"] = "00:00:00",
        ["Chat__Overload__WarmUp"] = "00:00:00",
        ["Chat__Overload__SendsUnderWayMin"] = "2",
        ["Chat__Overload__SendsUnderWayMax"] = "4",
        ["Chat__Overload__ComeBackAfter"] = "00:00:00.2",
        ["Chat__Overload__ComeBackMax"] = "00:00:00.2",
        ["Chat__Overload__FallAfter"] = "00:00:01",
        ["Chat__Overload__PresenceApartTimes"] = "100000",
        ["Chat__Overload__ReceiptsApartTimes"] = "100000",
        ["Chat__Limits__SendBurst"] = "10000",
    };

    [Fact]
    public async Task Sends_are_refused_as_busy_nothing_acknowledged_is_lost_and_the_level_falls_back()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, Tight);
        await using var town = new Town(() => [gateway.Address], gateway.Process.Report, output);
        var people = await town.WelcomeAsync("alice", "bob", "carol", "dave", "erin", "frank", "grace");
        var devices = await Task.WhenAll(people.Select(person => person.OnAsync(gateway.Address)));
        var chats = await Task.WhenAll(
            devices.Select(device => device.OpenAsync(people.First(other => other != device.Owner))));

        var answers = await Task.WhenAll(devices.SelectMany((device, i) => Enumerable.Range(1, 60).Select(
            n => TrySendAsync(device, chats[i], $"{n}"))));
        await devices[0].Chat.SetTypingAsync(chats[0], typing: true);
        var levelAfter = await Metrics.ReadAsync(gateway.Address, Level);

        town.Tell($"{answers.Count(refused => refused is null)} of {answers.Length} taken, level {levelAfter}");
        var refusals = answers.OfType<ChatException>().ToArray();
        Assert.NotEmpty(refusals);
        Assert.All(refusals, refusal => Assert.Equal((ErrorCodes.Busy, true), (refusal.Code, refusal.Retryable)));
        Assert.All(refusals, refusal => Assert.InRange(refusal.RetryAfter!.Value.TotalMilliseconds, 100, 300));
        Assert.InRange(levelAfter, (double)LoadLevel.DropsTyping, (double)LoadLevel.RefusesSends);

        await Eventually.HoldsAsync(
            "the load level to fall back", async () => await Metrics.ReadAsync(gateway.Address, Level) == 0);
        Assert.Empty(devices[1].Typings.Snapshot());
        Assert.Equal(1, await Metrics.ReadAsync(gateway.Address, "chat_load_typing_dropped"));
        Assert.Equal(refusals.Length, await Metrics.ReadAsync(gateway.Address, "chat_load_refused"));
        await devices[0].Chat.SetTypingAsync(chats[0], typing: true);
        await devices[1].Typings.UntilAsync("typing to be told again", all => all.Count > 0);
        var stored = await StoredLog.OfSqliteAsync(gateway.DataDirectory);
        Assert.Equal(answers.Count(refused => refused is null), stored.Count);
    }

    [Fact]
    public async Task Receipts_and_presence_wait_for_the_level_to_fall_and_who_asks_gets_them_exact()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, Tight);
        await using var town = new Town(() => [gateway.Address], gateway.Process.Report, output);
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await people[0].OnAsync(gateway.Address);
        var bob = await people[1].OnAsync(gateway.Address);
        var carol = await people[2].OnAsync(gateway.Address);
        var chat = await alice.OpenAsync(people[1]);
        var other = await alice.OpenAsync(people[2]);
        await carol.Chat.ReportActivityAsync();
        await bob.Chat.WatchAsync([people[2].Id]);
        await Eventually.HoldsAsync(
            "Carol to be online", async () => (await bob.Chat.WatchAsync([people[2].Id]))[0].Online);
        await alice.InsistAsync(chat, "read me");
        var seen = bob.Presences.Count;
        await Task.WhenAll(Enumerable.Range(1, 200).Select(n => TrySendAsync(alice, other, $"{n}")));

        await bob.Chat.MarkReadAsync(chat, 1);
        await carol.DisposeAsync();
        Assert.True(await Metrics.ReadAsync(gateway.Address, Level) >= (double)LoadLevel.SlowsReceipts);
        await bob.InsistAsync(chat, "after it");
        await alice.HearsAsync("after it");
        Assert.DoesNotContain(alice.Receipts.Snapshot(), one => one.ReadSeq == 1);

        var receipts = await alice.Chat.GetReceiptsAsync(chat, 1);
        Assert.NotNull(Assert.Single(receipts.Members).ReadAt);
        await alice.Receipts.UntilAsync("the receipt, written now", all => all.Any(one => one.ReadSeq == 1));
        await bob.Presences.UntilAsync("Carol to be gone", all => all.Skip(seen).Any(one => !one.Online));
        Assert.True(await Metrics.ReadAsync(gateway.Address, Level) < (double)LoadLevel.SlowsPresence);
    }

    private static async Task<ChatException?> TrySendAsync(Device device, string chat, string text)
    {
        try
        {
            await device.SendOnceAsync(chat, text);
            return null;
        }
        catch (ChatException refused)
        {
            return refused;
        }
    }
}
