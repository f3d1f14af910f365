using System.Globalization;
using System.Net;
using Chat.Delivery;
using Chat.Ids;
using Chat.Presence;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;

namespace Chat.Tests.Promises;

/// <summary>Looks into a running cluster: where a grain lives, which sessions a user's grain knows.</summary>
internal sealed class ClusterView : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly ChatCluster _cluster;

    private ClusterView(IHost host, ChatCluster cluster) => (_host, _cluster) = (host, cluster);

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    internal static async Task<ClusterView> OpenAsync(ChatCluster cluster)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        // A pooled connection may be one that broke when a test stopped the server.
        var unpooled = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Pooling = false };
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(ids => (ids.ClusterId, ids.ServiceId) = (cluster.ClusterId, "chat"))
            .UseAdoNetClustering(options =>
                (options.Invariant, options.ConnectionString) = ("Npgsql", unpooled.ConnectionString)));
        var view = new ClusterView(builder.Build(), cluster);
        await view._host.StartAsync();
        return view;
    }

    /// <summary>The silo that holds a conversation; null: it is not active.</summary>
    internal async Task<ChatProcess?> SiloOfChatAsync(string chat)
    {
        if (!ConversationId.TryParse(chat, out var id)) throw new FormatException("Not a conversation's id.");
        return await SiloOfAsync(Grains.GetConversation(id));
    }

    /// <summary>The silo that holds a user's grain; null: it is not active.</summary>
    internal Task<ChatProcess?> SiloOfAsync(Person person) => SiloOfAsync(Grains.GetUser(IdOf(person)));

    /// <summary>How many grains each silo holds, of any kind.</summary>
    internal async Task<IReadOnlyDictionary<ChatProcess, int>> GrainsOfSilosAsync()
    {
        var all = await Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        var ofPorts = all.ToLookup(kind => kind.SiloAddress.Endpoint.Port, kind => kind.ActivationCount);
        return _cluster.Silos.ToDictionary(silo => silo, silo => ofPorts[PortOf(silo)].Sum());
    }

    /// <summary>The silo that knows a user's presence; null: it is not active.</summary>
    internal Task<ChatProcess?> SiloOfPresenceAsync(Person person) =>
        SiloOfAsync(Grains.GetPresence(PresenceShards.Of(IdOf(person), new PresenceOptions().Shards)));

    /// <summary>The gateways (by name) of the connections that a user's grain believes in, one name for each.</summary>
    internal async Task<string[]> SessionsOfAsync(Person person)
    {
        var grain = Grains.GetUser(IdOf(person));
        var home = await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        // Its own silo as subscriber: whatever that is told of somebody whom it does not know, it passes over.
        var route = await grain.Subscribe(
            home ?? throw new InvalidOperationException($"{person}'s grain is nowhere."), withBlocks: false);
        return [.. route.Sessions.Select(session => NameOf(session)).Order()];
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _host.StopAsync(atOnce.Token);
        _host.Dispose();
    }

    private static UserId IdOf(Person person) =>
        UserId.TryParse(person.Id, out var id) ? id : throw new FormatException("Not a user's id.");

    private async Task<ChatProcess?> SiloOfAsync(IAddressable grain)
    {
        var address = await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        return address is null ? null : _cluster.Silos.Single(silo => PortOf(silo) == address.Endpoint.Port);
    }

    private string NameOf(Session session) =>
        _cluster.Gateways.FirstOrDefault(gateway => PortOf(gateway) == session.Gateway.Endpoint.Port)?.Name
        ?? new IPEndPoint(session.Gateway.Endpoint.Address, session.Gateway.Endpoint.Port).ToString();

    private static int PortOf(ChatProcess member) =>
        int.Parse(member.Environment["Chat__SiloPort"], CultureInfo.InvariantCulture);
}
