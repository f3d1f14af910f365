using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Harness;

public sealed class StandaloneGatewayTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_killed_gateway_starts_again_on_its_directory()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output);
        var directory = new DirectoryInfo(gateway.DataDirectory);
        Assert.NotEmpty(directory.EnumerateFileSystemInfos());

        await gateway.Process.KillAsync();
        await gateway.Process.StartAsync();

        Assert.True(gateway.Process.IsRunning);
    }
}
