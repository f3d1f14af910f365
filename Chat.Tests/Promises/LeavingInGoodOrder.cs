using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Chat.Client;
using Chat.Tests.Accounts;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>A gateway that is told to end tells its clients first, and they go elsewhere.</summary>
[Collection(PromiseTests.Collection)]
public sealed class LeavingInGoodOrder(PromiseCluster house, ITestOutputHelper output)
{
    private const int Messages = 100;
    private const int ReconnectWithinMs = 2_000;

    [Fact]
    public async Task Its_clients_are_told_to_go_reconnect_to_the_other_gateway_and_lack_nothing()
    {
        await using var town = await house.EnterAsync(output);
        var leaving = house.Cluster.Gateways[0];
        var people = await town.WelcomeAsync("alice", "bob", "carol");
        var alice = await people[0].WithLogOnAsync(town.Gateways[0], town.Gateways[1]);
        var told = new Observed<Draining>();
        alice.Chat.Draining += told.Record;
        var bob = await people[1].OnAsync(town.Gateways[1]);
        await using var carol = await RawSocket.ConnectAsync(people[2], town.Gateways[0]);
        var chat = await bob.OpenAsync(people[0]);

        var sending = Task.Run(async () =>
        {
            for (var n = 1; n <= Messages; n++) await bob.InsistAsync(chat, Text(n));
        });
        await alice.HearsAsync(Text(Messages / 4));
        var ended = leaving.StopAsync();

        var push = await carol.ReadAsync("to be told to go");
        Assert.Equal("Draining", push.GetProperty("target").GetString());
        var wait = push.GetProperty("arguments")[0].GetProperty("reconnectAfterMs").GetInt32();
        Assert.InRange(wait, 0, ReconnectWithinMs);
        var heard = await told.UntilAsync("Alice to be told to go", all => all.Count > 0);
        Assert.InRange(heard[0].ReconnectAfterMs, 0, ReconnectWithinMs);
        Assert.Equal(0, await ended);

        await Eventually.CompletesAsync("Bob's last answer", sending);
        await alice.HearsAsync(Text(Messages));
        Assert.Equal(town.Gateways[1], alice.Chat.Gateway);
        Assert.Equal(
            Enumerable.Range(1, Messages).Select(Text),
            alice.Heard.Snapshot().Select(entry => entry.Message.Content.Text));
    }

    [Fact]
    public async Task Who_stays_all_the_same_is_told_that_it_ends_and_that_he_may_come_back()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, new Dictionary<string, string>(
            Town.CheapPasswords)
        {
            ["Chat__Draining__NotReadyFor"] = "00:00:00", ["Chat__Draining__ReconnectWithin"] = "00:00:00",
        });
        await using var town = new Town(() => [gateway.Address], gateway.Process.Report, output);
        var alice = await town.WelcomeAsync("alice");
        await using var stays = await RawSocket.ConnectAsync(alice, gateway.Address);
        await stays.CallAsync(HubMethods.ReportActivity, new { });
        await stays.AnswerAsync();

        var ended = gateway.Process.StopAsync();

        Assert.Equal("Draining", (await stays.ReadAsync("to be told to go")).GetProperty("target").GetString());
        var close = await stays.ReadAsync("to be told that it ends");
        Assert.Equal(7, close.GetProperty("type").GetInt32());
        Assert.True(close.GetProperty("allowReconnect").GetBoolean());
        Assert.False(close.TryGetProperty("error", out _));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await stays.ReadCloseAsync());
        Assert.Equal(0, await ended);
    }

    [Fact]
    public async Task It_is_not_ready_takes_no_new_connection_serves_the_old_ones_and_a_second_signal_hurries_it()
    {
        // Longer than any test: what follows has all the time that it needs.
        await using var gateway = await StandaloneGateway.StartAsync(output, new Dictionary<string, string>(
            Town.CheapPasswords) { ["Chat__Draining__NotReadyFor"] = "01:00:00" });
        await using var town = new Town(() => [gateway.Address], gateway.Process.Report, output);
        var people = await town.WelcomeAsync("alice", "bob");
        var alice = await people[0].OnAsync(gateway.Address);
        var chat = await alice.OpenAsync(people[1]);
        var http = Town.HttpAt(gateway.Address);

        gateway.Process.Terminate();

        await Eventually.YieldsAsync(
            "it to say that it is draining",
            async () =>
            {
                using var ready = await http.GetAsync("health/ready");
                return $"{ready.StatusCode} {await ready.Content.ReadAsStringAsync()}";
            },
            seen => seen.StartsWith("ServiceUnavailable", StringComparison.Ordinal)
                && seen.Contains("\"draining\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("health/live")).StatusCode);
        using var negotiation = await http.PostAsync("hub/chat/negotiate", null);
        await Problem.AssertAsync(negotiation, HttpStatusCode.ServiceUnavailable, ErrorCodes.Unavailable);
        await Assert.ThrowsAsync<WebSocketException>(
            () => RawSocket.ConnectAsync(people[1], gateway.Address));
        Assert.Equal(1, (await alice.SendOnceAsync(chat, "still here")).Seq);

        Assert.Equal(0, await gateway.Process.StopAsync());
    }

    private static string Text(int n) => string.Create(CultureInfo.InvariantCulture, $"message {n}");
}
