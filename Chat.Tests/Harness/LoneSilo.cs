using System.Reflection;
using Chat.Conversations;
using Chat.Delivery;
using Chat.Groups;
using Chat.Hosting;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Storage;
using Chat.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Core.Internal;
using Xunit;

namespace Chat.Tests.Harness;

/// <summary>
/// The entity grains on SQLite within the test's own process, without a gateway: the test plays that, and sees each
/// push as it leaves.
/// </summary>
internal sealed class LoneSilo : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new("lone-silo");
    private readonly IHost _host;
    private long _connections;

    private LoneSilo(IEnumerable<KeyValuePair<string, string?>> settings, Action<IServiceCollection>? play)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.AddProvider(new ObservedLog(Warnings));
        builder.AddChatCluster(new ClusterOptions
        {
            Role = ClusterRole.Standalone, DataDirectory = _directory.Path, ClusterId = $"{Guid.NewGuid():N}",
        });
        // What is registered last holds.
        builder.Services.AddSingleton<Func<SiloAddress, IDeliveryEndpoint>>(_ => EndpointOf);
        builder.Services.AddSingleton<SqliteMessageLog>();
        builder.Services.AddSingleton(services => new WatchedLog(services.GetRequiredService<SqliteMessageLog>()));
        builder.Services.AddSingleton<IMessageLog>(services => services.GetRequiredService<WatchedLog>());
        builder.Services.AddSingleton<SqlitePresenceStore>();
        builder.Services.AddSingleton(
            services => new WatchedPresence(services.GetRequiredService<SqlitePresenceStore>()));
        builder.Services.AddSingleton<IPresenceStore>(services => services.GetRequiredService<WatchedPresence>());
        play?.Invoke(builder.Services);
        _host = builder.Build();
    }

    internal IGrainFactory Grains => Get<IGrainFactory>();

    internal Observed<Push> Pushed { get; } = new();

    /// <summary>What it logged as a warning or worse.</summary>
    internal Observed<string> Warnings { get; } = new();

    /// <param name="settings">By their names in the configuration.</param>
    internal static Task<LoneSilo> StartAsync(params (string Name, string Value)[] settings) =>
        StartAsync(null, settings);

    /// <param name="play">Parts of it that the test plays.</param>
    /// <param name="settings">By their names in the configuration.</param>
    internal static async Task<LoneSilo> StartAsync(
        Action<IServiceCollection>? play, params (string Name, string Value)[] settings)
    {
        var silo = new LoneSilo(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value)), play);
        var store = silo.Get<IStoreSetup>();
        await store.ApplyMigrationsAsync(CancellationToken.None);
        silo.Get<DirectIds>().TakeUp(await store.GetDirectKeyAsync(CancellationToken.None));
        await silo._host.StartAsync();
        return silo;
    }

    internal T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>So many users, each with a device at the gateway.</summary>
    internal async Task<UserId[]> WelcomeAsync(int count)
    {
        var users = new UserId[count];
        for (var i = 0; i < count; i++)
        {
            users[i] = new UserId(Guid.NewGuid());
            await Grains.GetUser(users[i]).Attach(Get<SiloDirectory>().Local, [++_connections], spent: []);
        }

        return users;
    }

    /// <summary>A group of all of them; the first owns it.</summary>
    internal async Task<ConversationId> GatherAsync(params UserId[] users)
    {
        var id = new ConversationId(Guid.NewGuid());
        var settings = new GroupSettings(
            "group", null, null, GroupSettings.FromJoin, OnlyAdminsSend: false, Retention.Permanent);
        Assert.Null(await Grains.GetGroup(id).Create(users[0], users[1..], settings, origin: 0));
        return id;
    }

    internal async Task<ConversationId> OpenAsync(UserId one, UserId other)
    {
        var id = Get<DirectIds>().Of(one, other);
        Assert.False((await Grains.GetConversation(id).OpenDirect(one, other, origin: 0)).IsRefused);
        return id;
    }

    /// <summary>A conversation of this user and a new one, whose entries take the same lane as that one's.</summary>
    internal async Task<ConversationId> OpenBesideAsync(ConversationId chat, UserId user)
    {
        var lanes = Get<LogLanes>();
        while (true)
        {
            var other = await OpenAsync(user, (await WelcomeAsync(1))[0]);
            if (lanes.For(other) == lanes.For(chat)) return other;
        }
    }

    internal async Task<Answer<Sent>> TrySayAsync(ConversationId chat, UserId who, string clientMessageId) =>
        (await Grains.GetConversation(chat).Send([new SendCommand(
            who, clientMessageId, new Content { Kind = ContentKind.Text, Text = "hello" }, Origin: 0)]))[0];

    internal async Task<long> SaysAsync(ConversationId chat, UserId who)
    {
        var answer = await TrySayAsync(chat, who, $"{Guid.NewGuid():N}");
        Assert.False(answer.IsRefused);
        return answer.Value.Seq;
    }

    internal async Task ReadsAsync(ConversationId chat, UserId who, long seq) => Assert.False(
        (await Grains.GetConversation(chat).Mark([new ReceiptMark(who, new Watermarks(seq, seq), Origin: 0)]))[0]
        .IsRefused);

    /// <summary>What was pushed to a user of a conversation: all that went before a sign that comes after it.</summary>
    internal async Task<Push[]> PushedToAsync(UserId user, ConversationId chat)
    {
        var witness = (await WelcomeAsync(1))[0];
        await Get<RouteTable>().EnsureAsync([witness], withBlocks: false);
        await Grains.GetConversation(chat).TellChanged([user, witness], origin: 0);
        var all = await Pushed.UntilAsync("the sign", pushes => pushes.Any(IsSign));
        return [.. all.Where(push => push.Users.Contains(user) && !IsSign(push))];

        bool IsSign(Push push) => push.Users.Contains(witness);
    }

    /// <summary>Its next call opens it anew.</summary>
    internal async Task CloseAsync(ConversationId chat)
    {
        await Grains.GetConversation(chat).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Eventually.HoldsAsync(
            "the conversation to close", () => Get<LocalConversations>().Find(chat) is null);
    }

    /// <summary>His grain goes, and what it told with it.</summary>
    internal async Task LoseAsync(UserId user)
    {
        await Grains.GetUser(user).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Eventually.HoldsAsync("the route to be forgotten", () => Get<RouteTable>().Find(user) is null);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _directory.Dispose();
    }

    private IDeliveryEndpoint EndpointOf(SiloAddress gateway)
    {
        var endpoint = DispatchProxy.Create<IDeliveryEndpoint, Gateway>();
        ((Gateway)endpoint).Take = pushes => Array.ForEach(pushes, Pushed.Record);
        return endpoint;
    }

#pragma warning disable CA1852 // A proxy derives from it.
    public class Gateway : DispatchProxy
    {
        internal Action<Push[]> Take { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name != nameof(IDeliveryEndpoint.Deliver))
                throw new NotSupportedException(targetMethod.Name);
            Take((Push[])args![1]!);
            return Task.FromResult<UserId[]>([]);
        }
    }
#pragma warning restore CA1852
}
