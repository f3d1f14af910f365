using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Promises;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Sessions;

/// <summary>Connections whose other end was lost without a word end.</summary>
public sealed class LettingTheSilentGo(ITestOutputHelper output)
{
    [Fact]
    public async Task A_client_that_was_lost_before_its_first_ping_is_let_go()
    {
        await using var gateway = await StandaloneGateway.StartAsync(
            output,
            new Dictionary<string, string>(Town.CheapPasswords) { ["Chat__Connections__ClientTimeout"] = "00:00:02" });
        await using var town = new Town(() => [gateway.Address], gateway.Process.Report, output);
        var alice = await town.WelcomeAsync("alice");

        await using var lost = await RawSocket.ConnectAsync(alice, gateway.Address);
        await lost.CallAsync("ReportActivity", new { });
        Assert.False((await lost.AnswerAsync()).TryGetProperty("error", out _));

        await Eventually.YieldsAsync(
            "the lost one's connection to end",
            () => Metrics.ReadAsync(gateway.Address, "chat_connections_open"),
            open => open == 0);
    }
}
