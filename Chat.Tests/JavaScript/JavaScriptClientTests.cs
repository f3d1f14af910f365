using Chat.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.JavaScript;

/// <summary>
/// A client that we did not write, SignalR's own for JavaScript, drives one whole conversation over the wire contract
/// (<c>conversation.mjs</c> beside this file): what a stranger's client can rely on.
/// </summary>
[Collection(ProcessTests.Collection)]
public sealed class JavaScriptClientTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("json")]
    [InlineData("messagepack")]
    public async Task It_holds_a_conversation_at_a_standalone_gateway(string protocol)
    {
        await using var gateway = await StandaloneGateway.StartAsync(output);
        await ConverseAsync(protocol, gateway.Address);
    }

    [Fact]
    public async Task It_holds_a_conversation_between_two_gateways_of_a_cluster()
    {
        await using var cluster = await ChatCluster.StartAsync(postgres.Server, output: output);
        foreach (var protocol in (string[])["json", "messagepack"])
            await ConverseAsync(protocol, cluster.Gateways[0].Address, cluster.Gateways[1].Address);
    }

    private async Task ConverseAsync(string protocol, params Uri[] gateways)
    {
        await NodePackages.RestoreAsync();
        string[] arguments =
            ["conversation.mjs", $"--protocol={protocol}", .. gateways.Select(gateway => gateway.AbsoluteUri)];
        await using var script = await ChildProcess.StartAsync(
            new ChildCommand("node", arguments) { WorkingDirectory = NodePackages.Folder });
        var code = await script.ExitAsync("the end of conversation.mjs", Patience);
        output.WriteLine(script.Output.Tail(200));
        Assert.True(code == 0, $"conversation.mjs ended with {code}:\n{script.Output.Tail()}");
    }
}
