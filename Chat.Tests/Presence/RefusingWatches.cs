using System.Text.Json;
using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Presence;

/// <summary>Bad input: a coded refusal, nothing watched, and nobody learns who exists.</summary>
[Collection(ProcessTests.Collection)]
public sealed class RefusingWatches(ITestOutputHelper output)
{
    private const int HubMessageBytesMax = 524_288;
    private const string Invalid = """
        "code":"invalid"
        """;

    [Fact]
    public async Task Too_many_are_refused_whole_and_strangers_look_like_those_who_hide()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var people = await town.WelcomeAsync("alice", "bob", "shy");
        var alice = await town.OnAsync(people[0]);
        var bob = await town.OnAsync(people[1]);
        var shy = await town.OnAsync(people[2]);
        await shy.Chat.SetPrivacyAsync(new Privacy { LastSeen = "nobody" });
        await shy.Chat.ReportActivityAsync();
        var unknown = Guid.NewGuid().ToString("N");

        var seen = await alice.Chat.WatchAsync([unknown, "nobody at all", people[2].Id]);
        Assert.Equal(3, seen.Count);
        foreach (var one in seen) Assert.Equal((false, null), (one.Online, one.LastSeen));

        foreach (var count in new[] { 254, 10_000 })
        {
            string[] many = [people[1].Id, .. Ids(count).Select(id => id.ToString("N"))];
            await RefusesAsync(() => alice.Chat.WatchAsync(many));
        }

        // Bob was among them and is not watched; a place that is left is still there.
        await bob.Chat.ReportActivityAsync();
        await alice.Chat.WatchAsync([people[0].Id]);
        await alice.Chat.ReportActivityAsync();
        await alice.SeesAsync(people[0], online: true);
        Assert.DoesNotContain(alice.Presences.Snapshot(), one => one.UserId != people[0].Id);
    }

    [Fact]
    public async Task Ten_thousand_ids_cost_a_refusal_and_not_the_connection()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var alice = (await town.WelcomeAsync("alice"))[0];
        await using var socket = await RawSocket.ConnectAsync(alice, town.Town.Gateways[0]);

        foreach (var form in new[] { "N", "D" })
        {
            await socket.CallAsync("Watch", new { userIds = Ids(10_000).Select(id => id.ToString(form)) });
            Assert.Contains(Invalid, await RefusalAsync(socket), StringComparison.Ordinal);
        }

        await socket.CallAsync("Watch", new { userIds = new[] { alice.Id } });
        Assert.True((await socket.AnswerAsync()).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_longer_message_than_any_call_needs_ends_the_connection()
    {
        await using var town = await PresenceTown.OpenAsync(output);
        var alice = (await town.WelcomeAsync("alice"))[0];
        await using var socket = await RawSocket.ConnectAsync(alice, town.Town.Gateways[0]);

        var more = new string('x', HubMessageBytesMax);
        await socket.CallAsync("Watch", new { userIds = Array.Empty<string>(), more });

        var close = await socket.ReadAsync("the end");
        Assert.Equal(7, close.GetProperty("type").GetInt32());
        Assert.NotNull(close.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Privacy_that_there_is_not_is_refused_and_changes_nothing()
    {
        string[] wrong =
        [
            """{"lastSeen":"friends"}""", """{"lastSeen":""}""", """{"lastSeen":"Everyone"}""", """{"lastSeen":1}""",
            """{"readReceipts":"no"}""", """{"lastSeen":"nobody","readReceipts":0}""",
        ];
        await using var town = await PresenceTown.OpenAsync(output);
        var alice = (await town.WelcomeAsync("alice"))[0];
        var device = await town.OnAsync(alice);
        await device.Chat.SetPrivacyAsync(new Privacy { LastSeen = "contacts", ReadReceipts = false });
        await using var socket = await RawSocket.ConnectAsync(alice, town.Town.Gateways[0]);

        foreach (var privacy in wrong)
        {
            await socket.CallAsync("SetPrivacy", JsonElement.Parse(privacy));
            Assert.Contains(Invalid, await RefusalAsync(socket), StringComparison.Ordinal);
        }

        var kept = await device.Chat.SetPrivacyAsync(new Privacy());
        Assert.Equal(("contacts", false), (kept.LastSeen, kept.ReadReceipts));
    }

    private static IEnumerable<Guid> Ids(int count) => Enumerable.Range(0, count).Select(_ => Guid.NewGuid());

    private static async Task RefusesAsync(Func<Task> call) =>
        Assert.Equal(ErrorCodes.Invalid, (await Assert.ThrowsAsync<ChatException>(call)).Code);

    private static async Task<string> RefusalAsync(RawSocket socket) =>
        (await socket.AnswerAsync()).GetProperty("error").GetString()!;
}
