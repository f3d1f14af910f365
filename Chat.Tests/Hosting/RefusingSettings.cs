using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Chat.Overload;
using Chat.Tests.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Chat.Tests.Hosting;

/// <summary>A setting that can't be run with is said when the process starts.</summary>
[Collection(ProcessTests.Collection)]
public sealed class RefusingSettings
{
    [Theory]
    [InlineData("Chat__Log__CommitsApart", "soon", "Chat:Log:CommitsApart")]
    [InlineData("Chat__Connections__ParallelCallsMax", "many", "Chat:Connections:ParallelCallsMax")]
    [InlineData("Chat__Auth__TokenLifetime", "a day", "Chat:Auth:TokenLifetime")]
    [InlineData("Chat__Receipts__BatchStepsMax", "0", "Chat__Receipts__BatchStepsMax must be positive.")]
    [InlineData("Chat__Draining__TellOver", "-00:00:01", "Chat__Draining__TellOver must not be negative.")]
    [InlineData("Chat__Limits__TextBytes", "200000", "Chat__Limits__TextBytes must be 100000 at most.")]
    [InlineData("Chat__SiloPort", "0x50", "Chat__SiloPort is no TCP port.")]
    [InlineData("Chat__DataDirectory", "/proc/none/chat", "The data directory /proc/none/chat can't be used:")]
    [InlineData("ConnectionStrings__Chat", "Hots=a;Password=secret", "ConnectionStrings__Chat is no")]
    [InlineData("ConnectionStrings__Chat", "Host=127.0.0.1;Port=1;Username=chat", "PostgreSQL does not answer:")]
    public async Task The_program_says_so_in_one_line_and_ends_with_1(string name, string value, string line)
    {
        using var data = new TemporaryDirectory("settings");
        var environment = MemberSettings.OfStandalone(data.Path);
        environment["Chat__Auth__SigningKey"] = Convert.ToBase64String(new byte[32]);
        environment[name] = value;
        await using var gateway = new ChatProcess(ChatProgram.Gateway, "gateway", environment);

        await gateway.LaunchAsync();

        Assert.Equal(1, await gateway.ExitAsync());
        var said = Assert.Single(gateway.Output.Snapshot());
        Assert.Contains(line, said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gateway", "ASPNETCORE_URLS")]
    [InlineData("Gateway", "Chat__SiloPort")]
    [InlineData("Gateway", "Chat__SiloGatewayPort")]
    [InlineData("Silo", "ASPNETCORE_URLS")]
    [InlineData("Silo", "Chat__SiloPort")]
    [InlineData("Silo", "Chat__SiloGatewayPort")]
    public async Task An_address_in_use_is_said_in_one_line(string program, string setting)
    {
        using var data = new TemporaryDirectory("settings");
        await using var host = new ChatProcess(
            new ChatProgram($"Chat.{program}"), program, MemberSettings.OfStandalone(data.Path));
        if (program == "Silo") host.Environment["ConnectionStrings__Chat"] = "Host=127.0.0.1;Port=1;Username=chat";
        var port = int.Parse(host.Environment[setting].Split(':')[^1], CultureInfo.InvariantCulture);
        using var neighbour = new TcpListener(IPAddress.Loopback, port);
        neighbour.Start();

        await host.LaunchAsync();

        Assert.Equal(1, await host.ExitAsync());
        var said = Assert.Single(host.Output.Snapshot());
        Assert.Contains($":{port}: address already in use", said, StringComparison.Ordinal);
        Assert.Contains(setting, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("http://*")]
    [InlineData("http://[::]")]
    public async Task It_is_found_by_whatever_name_it_is_given(string origin)
    {
        using var data = new TemporaryDirectory("settings");
        await using var host = new ChatProcess(ChatProgram.Gateway, "gateway", MemberSettings.OfStandalone(data.Path));
        using var neighbour = new TcpListener(IPAddress.Loopback, host.Address.Port);
        neighbour.Start();
        host.Environment["ASPNETCORE_URLS"] = $"{origin}:{host.Address.Port}";

        await host.LaunchAsync();

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains("address already in use", Assert.Single(host.Output.Snapshot()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LookEvery", "00:00:00")]
    [InlineData("DrainPerLevel", "-00:00:01")]
    [InlineData("ReceiptsApartTimes", "0")]
    [InlineData("SendsUnderWayMin", "0")]
    [InlineData("SendsUnderWayMin", "20000")]
    [InlineData("SendsWithinRefusing", "00:00:02")]
    [InlineData("ComeBackMax", "00:00:00.5")]
    public async Task It_is_named(string name, string value)
    {
        using var host = HostWith(name, value);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SendsWithinRefusing", "00:00:00")]
    [InlineData("QueuedMin", "0")]
    public async Task Zero_is_taken_where_it_turns_something_off(string name, string value)
    {
        using var host = HostWith(name, value);

        await host.StartAsync();
        await host.StopAsync();
    }

    private static IHost HostWith(string name, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new($"{OverloadOptions.Section}:{name}", value)]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddLoadLevels();
        return builder.Build();
    }
}
