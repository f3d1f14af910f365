using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.JavaScript;

/// <summary>A client that we did not write, and that only does what SignalR's own does by itself.</summary>
[Collection(ProcessTests.Collection)]
public sealed class ComingBack(SharedPostgres postgres, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_client_that_connects_while_no_silo_lives_comes_back_by_itself_once_one_does()
    {
        var settings = new ClusterSettings
        {
            Silos = 1,
            Gateways = 1,
            Environment = new(Town.CheapPasswords) { ["Chat__Connections__AttachWithin"] = "00:00:01" },
        };
        await using var cluster = await ChatCluster.StartAsync(postgres.Server, settings);
        await using var town = new Town(() => [cluster.Gateways[0].Address], cluster.Report, output);
        var alice = await town.WelcomeAsync("alice");
        await NodePackages.RestoreAsync();
        await cluster.Silos[0].KillAsync();

        await using var script = await ChildProcess.StartAsync(
            new ChildCommand("node", "comingBack.mjs", cluster.Gateways[0].Address.AbsoluteUri, alice.Token)
            {
                WorkingDirectory = NodePackages.Folder,
            });
        await script.Output.UntilAsync(
            "the client to lose its connection", lines => lines.Any(line => line is not "connected"), Patience);
        Assert.Equal(["connected", "reconnecting"], script.Output.Snapshot().Take(2));
        await cluster.Silos[0].StartAsync();

        var code = await script.ExitAsync("a call to be answered", Patience);
        Assert.True(code == 0, $"The client ended with {code}:\n{script.Output.Tail()}");
    }
}
