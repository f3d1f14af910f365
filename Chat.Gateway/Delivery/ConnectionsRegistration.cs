using Chat.Gateway.Conversations;
using Chat.Gateway.Groups;
using Chat.Gateway.Overload;
using Chat.Gateway.Presence;
using Chat.Gateway.Receipts;
using Chat.Gateway.Sessions;
using Chat.Gateway.Users;
using Chat.Gateway.Wire;
using Chat.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Delivery;

internal static class ConnectionsRegistration
{
    /// <summary>
    /// The contract promises 128 KiB. Further ones are read too, so that 10,000 ids in one call are refused with a code
    /// and do not cost the connection; an incomplete one holds as much memory.
    /// </summary>
    private const int HubMessageBytesMax = 524_288;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    /// <summary>The hub, its connections, and the endpoint through which silos push to them.</summary>
    public static WebApplicationBuilder AddChatConnections(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var options = builder.Configuration.ReadSettings<ConnectionOptions>(ConnectionOptions.Section);
        builder.AddSettings<ConnectionOptions>(ConnectionOptions.Section, nameof(ConnectionOptions.CallsApart))
            .Validate(
                connection => connection.RenewAfterMin <= connection.RenewAfterMax,
                "Chat__Connections__RenewAfterMin must not be more than RenewAfterMax.");
        services.AddSignalR(hub =>
        {
            hub.MaximumReceiveMessageSize = HubMessageBytesMax;
            hub.MaximumParallelInvocationsPerClient = options.ParallelCallsMax;
            hub.KeepAliveInterval = KeepAlive;
            hub.ClientTimeoutInterval = options.ClientTimeout;
        }).AddChatWire();
        // SignalR's own pings keep a connection open; the WebSocket's would be one more timer for each.
        services.Configure<WebSocketOptions>(static socket => socket.KeepAliveInterval = TimeSpan.Zero);
        // By instance: a filter that is added by its type is asked for anew at every call.
        services.AddSingleton<HubRefusalFilter>().AddOptions<HubOptions>()
            .Configure<HubRefusalFilter>(static (hub, filter) => hub.AddFilter(filter));
        services.AddSingleton<IHubActivator<ChatHub>, ChatHubActivator>();
        services.AddSingleton<ConnectionRegistry>().AddSingleton<RoomForOthers>();
        services.AddSingleton<HubLifetimeManager<ChatHub>>(s => s.GetRequiredService<ConnectionRegistry>());
        services.AddSingleton<Intakes>().AddSingleton<IntakeLanes>().AddSingleton<ConversationPlaces>();
        services.AddSingleton<SendDoors>().AddSingleton<ConversationCalls>().AddSingleton<Sender>();
        services.AddSingleton<DirectConversations>().AddSingleton<MemberReads>();
        services.AddSingleton<Blocks>().AddSingleton<SendBudgets>();
        services.AddSingleton<GroupCalls>().AddSingleton<Invites>();
        services.AddHosted<ReceiptOutbox>().AddHosted<ChangedConversations>().AddHosted<SessionLeases>();
        services.AddSingleton<WatchIndex>().AddSingleton<RenewalTimes>().AddSingleton<Watches>();
        services.AddSingleton<Presences>().AddHosted<ActivityOutbox>().AddHosted<PresenceRenewal>();
        builder.UseOrleans(silo => silo.AddGrainService<DeliveryEndpoint>());
        return builder;
    }

    public static WebApplication MapChatHub(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<ConnectionOptions>>().Value;
        app.MapHub<ChatHub>("/hub/chat", transport =>
        {
            transport.TransportMaxBufferSize = options.TransportBufferBytes;
            transport.ApplicationMaxBufferSize = options.TransportBufferBytes;
        });
        return app;
    }

    /// <summary>
    /// The page: plain files beside the program, asked for anew each time, so that an upgrade never mixes two.
    /// </summary>
    public static WebApplication UseChatPage(this WebApplication app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        return app;
    }

    private static IServiceCollection AddHosted<T>(this IServiceCollection services)
        where T : BackgroundService =>
        services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}
