using System.Diagnostics;
using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>
/// Promise 6: a user's limit holds over all his connections and gateways, says when to come back, and passes; a full
/// lane refuses at once.
/// </summary>
[Collection(PromiseTests.Collection)]
public sealed class SendLimits(PromiseCluster house, ITestOutputHelper output)
{
    private const int PerSecond = 2;
    private const int Burst = 8;

    /// <summary>Gateways report in handfuls of a quarter of a burst: so many may slip through at each.</summary>
    private const int Slack = 2 * (Burst / 4);

    [Fact]
    public async Task They_are_not_dodged_by_reconnecting_or_by_another_gateway()
    {
        await using var cluster = await ChatCluster.StartAsync(house.Postgres, Limited(), output);
        await using var town = new Town(() => [.. cluster.Gateways.Select(g => g.Address)], () => "", output);
        var people = await town.WelcomeAsync("alice", "bob");
        var phone = await people[0].OnAsync(town.Gateways[0]);
        var chat = await phone.OpenAsync(people[1]);

        var begun = Stopwatch.GetTimestamp();
        var taken = 0;
        for (var n = 0; n < 12; n++)
        {
            // Each round on a connection of its own, at the two gateways in turn.
            var device = await people[0].OnAsync(town.Gateways[n % 2]);
            while (await RefusalAsync(device, chat) is null) taken++;
            await device.DisposeAsync();
        }

        var allowed = Burst + Slack + (int)Math.Ceiling(PerSecond * Stopwatch.GetElapsedTime(begun).TotalSeconds);
        town.Tell($"{taken} of at most {allowed} sends taken in {Stopwatch.GetElapsedTime(begun)}");
        Assert.InRange(taken, Burst, allowed);

        var refusal = (await RefusalAsync(phone, chat))!;
        Assert.Equal(ErrorCodes.RateLimited, refusal.Code);
        Assert.True(refusal.Retryable);
        Assert.InRange(refusal.RetryAfter!.Value.TotalMilliseconds, 1, 1000.0 * (Burst + Slack) / PerSecond);
        var overRest = await Assert.ThrowsAsync<ChatException>(() =>
            people[0].RestAt(town.Gateways[1]).SendAsync(chat, "by REST", Content.OfText("by REST")));
        Assert.Equal((ErrorCodes.RateLimited, 429), (overRest.Code, (int)overRest.Status!.Value));

        // Others have their own, and the limit passes: no later than it said, give or take what other gateways took.
        var bob = await people[1].OnAsync(town.Gateways[1]);
        Assert.Null(await RefusalAsync(bob, chat));
        await Eventually.HoldsAsync("Alice's limit to pass", async () => await RefusalAsync(phone, chat) is null);
        Assert.Equal(taken + 2, (await bob.ReadAllAsync(chat)).Count);
    }

    [Fact]
    public async Task A_full_log_lane_refuses_at_once_as_busy_and_keeps_what_it_took()
    {
        var narrow = new Dictionary<string, string>(Town.CheapPasswords)
        {
            ["Chat__Log__QueuedEntriesMax"] = "16",
            ["Chat__Log__BatchEntriesMax"] = "4",
        };
        await using var gateway = await StandaloneGateway.StartAsync(output, narrow);
        await using var town = new Town(() => [gateway.Address], () => "", output);
        var people = await town.WelcomeAsync("alice", "bob", "carol", "dave", "erin");
        var devices = await Task.WhenAll(people.Select(person => person.OnAsync(gateway.Address)));
        var burst = await Promises.Burst.PrepareAsync(devices);
        await burst.RunAsync(1);

        var chats = await Task.WhenAll(
            devices.Select(device => device.OpenAsync(people.First(other => other != device.Owner))));
        var codes = await Task.WhenAll(devices.SelectMany((device, i) => Enumerable.Range(1, 300).Select(
            n => CodeAsync(device, chats[i], $"{n}"))));

        town.Tell(string.Join(", ", codes.CountBy(code => code)));
        Assert.Contains(ErrorCodes.Busy, codes);
        Assert.All(codes, code => Assert.Contains(code, new[] { "sent", ErrorCodes.Busy }));
        var stored = await StoredLog.OfSqliteAsync(gateway.DataDirectory);
        Assert.Equal(burst.Total + codes.Count(code => code == "sent"), stored.Count);
    }

    private static async Task<ChatException?> RefusalAsync(Device device, string chat)
    {
        try
        {
            await device.SendOnceAsync(chat, "again");
            return null;
        }
        catch (ChatException refusal)
        {
            return refusal;
        }
    }

    private static async Task<string> CodeAsync(Device device, string chat, string text)
    {
        try
        {
            await device.SendOnceAsync(chat, text);
            return "sent";
        }
        catch (ChatException refusal)
        {
            return refusal.Code;
        }
    }

    private static ClusterSettings Limited() => new()
    {
        Silos = 1,
        Gateways = 2,
        Environment = new(Town.CheapPasswords)
        {
            ["Chat__Limits__SendsPerSecond"] = PerSecond.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Chat__Limits__SendBurst"] = Burst.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
    };
}
