using System.Net;
using System.Net.Sockets;
using Chat.Conversations;
using Chat.Delivery;
using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Storage.Postgres;
using Chat.Storage.Sqlite;
using Chat.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Streams;

namespace Chat.Hosting;

/// <summary>Puts a process into the cluster in its role: store, clustering, directory, entity grains.</summary>
public static class ClusterHosting
{
    /// <summary>Grain calls are at most once; a time-out means "unknown", and a client waits for it.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>So that the largest text fits into a hub message, whatever JSON makes of it.</summary>
    private const int TextBytesMax = 100_000;

    private const int StreamQueues = 4;
    internal static readonly TimeSpan StreamLookEvery = TimeSpan.FromMilliseconds(500);

    public static IHostApplicationBuilder AddChatCluster(this IHostApplicationBuilder builder, ClusterOptions cluster)
    {
        builder.Services.AddSingleton(cluster);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddLimits();
        builder.AddLoadLevels();
        builder.Services.AddHostedService<HeapTrim>();
        builder.Services.AddSingleton<DirectIds>();
        builder.AddPresenceSettings();
        builder.AddStore(cluster);
        if (cluster.HostsEntities) builder.AddEntities();
        builder.UseOrleans(silo =>
        {
            silo.AddClustering(cluster);
            silo.AddFastFailover();
            silo.AddEvenPlacement();
            silo.AddStoreFaults();
            silo.AddPresenceStreams();
            silo.Services.AddSingleton<SiloDirectory>();
            if (cluster.HostsEntities) silo.AddGrainService<RouteEndpoint>().AddGrainService<ConversationIntake>();
            else silo.Services.Configure<GrainTypeOptions>(types => types.Classes.RemoveWhere(IsEntity));
        });
        return builder;
    }

    private static void AddStore(this IHostApplicationBuilder builder, ClusterOptions cluster)
    {
        if (cluster.ConnectionString is { } connectionString)
            builder.Services.AddPostgresStore(Checked(connectionString));
        else builder.Services.AddSqliteStore(cluster.DataDirectory);
    }

    private static string Checked(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).ConnectionString;
        }
        catch (ArgumentException e)
        {
            // Says which keyword, and nothing of its value.
            throw new ConfigurationException($"ConnectionStrings__Chat is no connection string. {e.Message}", e);
        }
    }

    private static void AddLimits(this IHostApplicationBuilder builder) =>
        builder.AddSettings<ChatLimits>(ChatLimits.Section)
            .Validate(
                limits => limits.TextBytes <= TextBytesMax, $"Chat__Limits__TextBytes must be {TextBytesMax} at most.")
            .Validate(limits => limits.HistoryPage <= 1_000, "Chat__Limits__HistoryPage must be 1000 at most.");

    private static void AddPresenceSettings(this IHostApplicationBuilder builder) =>
        builder.AddSettings<PresenceOptions>(
                PresenceOptions.Section, nameof(PresenceOptions.Grace), nameof(PresenceOptions.NoteApart),
                nameof(PresenceOptions.TypingApart))
            .PostConfigure(presence => presence.FollowOnlineSeconds())
            .Validate(
                presence => presence.Lease > presence.RenewEvery,
                "Chat__Presence__Lease must be longer than RenewEvery.");

    /// <summary>Hosted services stop in reverse: these, made before Orleans, outlive its grains.</summary>
    private static void AddEntities(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<LogOptions>(LogOptions.Section, nameof(LogOptions.CommitsApart));
        builder.AddSettings<ReceiptOptions>(
            ReceiptOptions.Section, nameof(ReceiptOptions.PromptFlushes), nameof(ReceiptOptions.OneByOneMembersMax));
        builder.AddSettings<DeliveryOptions>(
            DeliveryOptions.Section, nameof(DeliveryOptions.CallsApart), nameof(DeliveryOptions.RouteNoticeWait));
        services.AddSingleton<LogLanes>().AddHostedService(provider => provider.GetRequiredService<LogLanes>());
        services.AddSingleton<ReceiptJournal>()
            .AddHostedService(provider => provider.GetRequiredService<ReceiptJournal>());
        services.AddSingleton<LocalUsers>().AddHostedService(provider => provider.GetRequiredService<LocalUsers>());
        services.AddSingleton<DeliveryEndpoints>().AddSingleton<RouteEndpoints>();
        services.AddSingleton<Func<SiloAddress, IDeliveryEndpoint>>(
            provider => provider.GetRequiredService<DeliveryEndpoints>().Of);
        services.AddSingleton<RouteTable>().AddSingleton<RouteNotices>().AddSingleton<GatewayLanes>();
        services.AddSingleton<Fanout>().AddSingleton<LocalConversations>();
    }

    private static void AddClustering(this ISiloBuilder silo, ClusterOptions cluster)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(ids =>
        {
            ids.ClusterId = cluster.ClusterId;
            ids.ServiceId = cluster.ServiceId;
        });
        if (cluster.ConnectionString is not { } connectionString)
        {
            var siloPort = cluster.SiloPort ?? FreePort();
            silo.UseLocalhostClustering(
                siloPort, cluster.SiloGatewayPort ?? FreePort(), null, cluster.ServiceId, cluster.ClusterId);
            return;
        }

        silo.ConfigureEndpoints(cluster.AdvertisedAddress, cluster.SiloPort!.Value, cluster.SiloGatewayPort!.Value);
        var membership = Pool(connectionString, "chat-membership", 4);
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = membership;
        });
        silo.AddAdoNetGrainStorage(UserSettings.Storage, options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = Pool(connectionString, "chat-state", 8);
        });
    }

    /// <summary>
    /// Of grains elsewhere, whose place a process remembers; whoever is not among them is asked for once more. A table
    /// for the usual million is laid out in advance, twice, and the first 5,000 users touch every page of it: 3.7 KiB
    /// for each of them.
    /// </summary>
    private const int CachedAddresses = 131_072;

    /// <summary>
    /// A killed process is found in 1–2 s and its grains move at once. The directory's range lease would hold them back
    /// to keep a second activation out; here the store's epoch does that. A probe of 1 s that may grow to 2 s leaves a
    /// busy two-core machine enough room.
    /// </summary>
    private static void AddFastFailover(this ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP003 // The distributed directory is experimental; the tests' kill loop watches it.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(directory =>
        {
            directory.RangeLeaseDuration = TimeSpan.Zero;
            directory.CacheSize = CachedAddresses;
        });
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
            membership.NumMissedProbesLimit = 2;
            membership.NumVotesForDeathDeclaration = 1;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
        });
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = ResponseTimeout;
            messaging.SystemResponseTimeout = ResponseTimeout;
        });
    }

    /// <summary>
    /// Who comes back in a burst is spread over the silos: of two, the one with fewer grains, counting those that it
    /// was just given. Orleans' default takes the one that was idlest a second ago, for everybody of that second.
    /// </summary>
    private static void AddEvenPlacement(this ISiloBuilder silo) =>
        silo.Services.AddSingleton<PlacementStrategy, ActivationCountBasedPlacement>();

    /// <summary>
    /// A database's fault reaches the gateway as what it is: there it means "unknown outcome, try again". Orleans
    /// carries only exceptions of namespaces that it is told of, and would hide it behind a fault of its own.
    /// </summary>
    private static void AddStoreFaults(this ISiloBuilder silo) =>
        silo.Services.Configure<ExceptionSerializationOptions>(
            faults => faults.SupportedNamespacePrefixes.Add("Npgsql"));

    /// <summary>
    /// Activity alone travels here, and a second more or less does not matter: few queues, seldom looked at, so that an
    /// idle cluster pays next to nothing.
    /// </summary>
    private static void AddPresenceStreams(this ISiloBuilder silo) =>
        silo.AddMemoryStreams(PresenceShards.Streams, streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
            streams.ConfigurePartitioning(StreamQueues);
            streams.ConfigurePullingAgent(agent => agent.Configure(
                pulling => pulling.GetQueueMsgsTimerPeriod = StreamLookEvery));
        });

    private static bool IsEntity(Type grainClass) => grainClass.Assembly == typeof(ClusterHosting).Assembly;

    /// <summary>Own, capped pools, so that load on the data can't make a silo look dead.</summary>
    private static string Pool(string connectionString, string name, int connectionsMax) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = name,
            MaxPoolSize = connectionsMax,
            CommandTimeout = 5,
        }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
