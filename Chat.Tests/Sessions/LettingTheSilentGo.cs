using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Sessions;

/// <summary>Connections whose other end was lost without a word end; those that have nothing to say stay.</summary>
public sealed class LettingTheSilentGo(ITestOutputHelper output)
{
    [Fact]
    public async Task A_client_that_was_lost_before_its_first_ping_is_let_go_and_one_that_only_listens_stays()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, new Dictionary<string, string>(
            Town.CheapPasswords)
        {
            ["Chat__Connections__PingAfter"] = "00:00:00.5", ["Chat__Connections__PongWithin"] = "00:00:05",
        });
        await using var town = new Town(() => [gateway.Address], gateway.Process.Report, output);
        var people = await town.WelcomeAsync("alice", "bob");
        await using var listening = await RawSocket.ConnectAsync(people[1], gateway.Address);
        await ReportActivityAsync(listening);
        // It answers pings as long as it reads.
        var answer = listening.AnswerAsync();
        await using var lost = await RawSocket.ConnectAsync(people[0], gateway.Address);
        await ReportActivityAsync(lost);

        // From here on nobody reads what it receives.
        await Eventually.YieldsAsync(
            "the lost one's connection to end",
            () => Metrics.ReadAsync(gateway.Address, "chat_connections_open"),
            open => open == 1);

        Assert.False(answer.IsCompleted);
        await listening.CallAsync("ReportActivity", new { });
        Assert.False((await answer).TryGetProperty("error", out _));
    }

    private static async Task ReportActivityAsync(RawSocket socket)
    {
        await socket.CallAsync("ReportActivity", new { });
        Assert.False((await socket.AnswerAsync()).TryGetProperty("error", out _));
    }
}
