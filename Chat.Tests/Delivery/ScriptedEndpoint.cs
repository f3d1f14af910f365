using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Chat.Tests.Delivery;

/// <summary>A gateway's delivery endpoint without its gateway: a test makes its calls and its connections.</summary>
internal sealed class ScriptedEndpoint : IDisposable
{
    private readonly IHost _host;

    internal ScriptedEndpoint()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        // Never started: a grain service is made with a silo, and its calls are made here.
        _host = builder.Build();
        Endpoint = new DeliveryEndpoint(
            GrainId.Create("delivery", "here"), _host.Services.GetRequiredService<Silo>(), NullLoggerFactory.Instance,
            Connections, changed: null!, places: null!, watches: null!, new RoomForOthers(TimeProvider.System),
            TimeProvider.System);
    }

    internal DeliveryEndpoint Endpoint { get; }

    internal ConnectionRegistry Connections { get; } = new(
        NullLogger<DefaultHubLifetimeManager<ChatHub>>.Instance, Options.Create(new ConnectionOptions()));

    public void Dispose() => _host.Dispose();
}
