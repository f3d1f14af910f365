using System.Net;
using Chat.Delivery;
using Chat.Hosting;
using Chat.Ids;
using Chat.Storage;
using Chat.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Chat.Tests.Users;

/// <summary>A connection of which its gateway says nothing more is gone from its user's grain with its lease.</summary>
public sealed class EndingLeases
{
    // In the cluster's eyes it is neither alive nor dead: only the lease can end its connections.
    private static readonly SiloAddress Silent = SiloAddress.New(IPAddress.Loopback, 9, generation: 1);

    [Fact]
    public async Task No_ghost_outlives_its_lease_and_who_is_renewed_stays()
    {
        using var data = new TemporaryDirectory("leases");
        var time = new MovedTime();
        using var host = await StartAsync(data.Path, time);
        var lease = new DeliveryOptions().SessionLease;
        var user = host.Services.GetRequiredService<IGrainFactory>().GetUser(new UserId(Guid.NewGuid()));
        var here = host.Services.GetRequiredService<SiloDirectory>().Local;
        async Task<string> SessionsAsync()
        {
            var route = await user.Subscribe(here, withBlocks: false);
            return string.Join(' ', route.Sessions.Select(session => session.Connection).Order());
        }

        await user.Attach(Silent, [1], []);
        time.Ahead += lease / 2;
        await user.Attach(Silent, [2], []);
        await user.ExpireLeases();
        Assert.Equal("1 2", await SessionsAsync());

        // Nobody calls it from here on: the silo finds by itself what is over.
        time.Ahead += lease / 2;
        await Eventually.YieldsAsync("the ghost to be gone", SessionsAsync, left => left != "1 2");
        Assert.Equal("2", await SessionsAsync());

        await user.Attach(Silent, [2], []);
        time.Ahead += lease / 2;
        await user.ExpireLeases();
        Assert.Equal("2", await SessionsAsync());
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync(string directory, TimeProvider time)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time);
        builder.AddChatCluster(
            new ClusterOptions { Role = ClusterRole.Standalone, DataDirectory = directory });
        var host = builder.Build();
        var store = host.Services.GetRequiredService<IStoreSetup>();
        await store.ApplyMigrationsAsync(CancellationToken.None);
        host.Services.GetRequiredService<DirectIds>().TakeUp(await store.GetDirectKeyAsync(CancellationToken.None));
        await host.StartAsync();
        return host;
    }

    /// <summary>The wall clock, put forward; timers run as ever.</summary>
    private sealed class MovedTime : TimeProvider
    {
        private long _aheadTicks;

        public TimeSpan Ahead
        {
            get => new(Volatile.Read(ref _aheadTicks));
            set => Volatile.Write(ref _aheadTicks, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
