using System.IO.Pipelines;
using Chat.Delivery;
using Chat.Gateway.Accounts;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Ids;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Chat.Tests.Delivery;

/// <summary>A gateway's delivery endpoint without its gateway: a test makes its calls and its connections.</summary>
internal sealed class ScriptedEndpoint : IDisposable
{
    private readonly IHost _host;

    internal ScriptedEndpoint(TimeProvider? time = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        // Never started: a grain service is made with a silo, and its calls are made here.
        _host = builder.Build();
        Endpoint = new DeliveryEndpoint(
            GrainId.Create("delivery", "here"), _host.Services.GetRequiredService<Silo>(), NullLoggerFactory.Instance,
            Connections, changed: null!, new ConversationPlaces(new SiloDirectory(new ScriptedCluster().Membership)),
            watches: null!, new RoomForOthers(time ?? TimeProvider.System));
    }

    internal DeliveryEndpoint Endpoint { get; }

    internal ConnectionRegistry Connections { get; } = new(
        NullLogger<DefaultHubLifetimeManager<ChatHub>>.Instance, Options.Create(new ConnectionOptions()));

    /// <summary>A device of a user, without a transport.</summary>
    /// <param name="output">What the gateway writes to.</param>
    /// <returns>As pushes see it.</returns>
    internal async Task<ClientConnection> ConnectAsync(UserId user, IHubProtocol protocol, PipeWriter output)
    {
        var socket = new DefaultConnectionContext($"{user}")
        {
            Transport = new Socket(new Pipe().Reader, output),
        };
        socket.Features.Set<IConnectionUserFeature>(new SignedIn { User = new ChatPrincipal(user) });
        var context = new HubConnectionContext(socket, new HubConnectionContextOptions(), NullLoggerFactory.Instance)
        {
            Protocol = protocol,
        };
        await Connections.OnConnectedAsync(context);
        return context.Features.Get<ClientConnection>()!;
    }

    public void Dispose() => _host.Dispose();

    private sealed record Socket(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class SignedIn : IConnectionUserFeature
    {
        public System.Security.Claims.ClaimsPrincipal? User { get; set; }
    }
}
