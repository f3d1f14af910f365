using System.Text.Json;
using Chat.Delivery;
using Chat.Hosting;
using Chat.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Xunit;

namespace Chat.Tests.Hosting;

/// <summary>Settings that carry a goal or a measured decision: whoever changes one has to say so here.</summary>
public sealed class KeepingSettings
{
    private const string Server = "Host=127.0.0.1;Database=chat;Username=chat;Password=none";

    /// <summary>
    /// The goal: after a silo's death each conversation takes messages again within 5 s. A time would be no assertion
    /// on a busy machine (<c>LosingASilo</c> measures it); these are what bounds it: two probes missed, one vote, and
    /// no lease of the directory that outlives the dead.
    /// </summary>
    [Fact]
    public async Task A_dead_silo_is_found_within_the_five_seconds_in_which_its_conversations_are_to_go_on()
    {
        await using var host = HostOf(ClusterRole.Silo);
        var membership = Of<ClusterMembershipOptions>(host);

        Assert.Equal(1, membership.NumVotesForDeathDeclaration);
        Assert.Equal(TimeSpan.FromSeconds(1), membership.ProbeTimeout);
        Assert.True(membership.NumMissedProbesLimit * membership.MaxProbeTimeout < TimeSpan.FromSeconds(5));
        Assert.True(membership.NumMissedProbesLimit > 1, "One late answer is no death.");
        Assert.Equal(TimeSpan.Zero, Of<GrainDirectoryOptions>(host).RangeLeaseDuration);
    }

    /// <summary>The goal: no ghost of a connection past 30 to 75 s; a single late renewal makes nobody one.</summary>
    [Fact]
    public void A_sessions_lease_outlives_two_renewals_and_ends_within_75_seconds()
    {
        var lease = new DeliveryOptions().SessionLease;

        Assert.InRange(lease, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(75));
        Assert.True(lease > 2 * new Chat.Gateway.Delivery.ConnectionOptions().RenewAfterMax);
    }

    [Fact]
    public async Task Membership_grain_state_and_data_have_pools_of_their_own()
    {
        await using var host = HostOf(ClusterRole.Silo);
        var pools = new[]
        {
            Of<AdoNetClusteringSiloOptions>(host).ConnectionString,
            host.Services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>()
                .Get(Chat.Users.UserSettings.Storage).ConnectionString,
            host.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString,
        }.Select(text => new NpgsqlConnectionStringBuilder(text)).ToArray();

        Assert.Equal(
            [("chat-membership", 4), ("chat-state", 8), ("chat-data", 24)],
            pools.Select(pool => (pool.ApplicationName!, pool.MaxPoolSize)));
    }

    /// <summary>Measured: docs/measurements.md and docs/decisions.</summary>
    [Theory]
    [InlineData("Chat.Gateway")]
    [InlineData("Chat.Silo")]
    public void The_built_program_runs_as_it_was_measured(string name)
    {
        var built = Path.ChangeExtension(new ChatProgram(name).Assembly, ".runtimeconfig.json");
        var settings = JsonElement.Parse(File.ReadAllText(built))
            .GetProperty("runtimeOptions").GetProperty("configProperties");

        Assert.False(settings.GetProperty("System.GC.Server").GetBoolean());
        Assert.True(settings.GetProperty("System.GC.Concurrent").GetBoolean());
        Assert.Equal("1000", Text(settings, "System.Runtime.TieredCompilation.CallCountThreshold"));
        Assert.Equal("0", Text(settings, "System.Threading.ThreadPool.UnfairSemaphoreSpinLimit"));
    }

    [Fact]
    public void A_program_keeps_more_buffers_unless_its_operator_says_how_many()
    {
        var before = Environment.GetEnvironmentVariable(PooledBuffers.Setting);
        try
        {
            Environment.SetEnvironmentVariable(PooledBuffers.Setting, null);
            PooledBuffers.KeepMore();
            Assert.Equal("1024", Environment.GetEnvironmentVariable(PooledBuffers.Setting));

            Environment.SetEnvironmentVariable(PooledBuffers.Setting, "64");
            PooledBuffers.KeepMore();
            Assert.Equal("64", Environment.GetEnvironmentVariable(PooledBuffers.Setting));
        }
        finally
        {
            Environment.SetEnvironmentVariable(PooledBuffers.Setting, before);
        }
    }

    private static string Text(JsonElement settings, string name) => settings.GetProperty(name).ToString();

    private static T Of<T>(WebApplication host)
        where T : class =>
        host.Services.GetRequiredService<IOptions<T>>().Value;

    /// <summary>A host as it would start; it connects to nothing.</summary>
    private static WebApplication HostOf(ClusterRole role)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddChatCluster(new Chat.Hosting.ClusterOptions
        {
            Role = role,
            ConnectionString = Server,
            SiloPort = 1,
            SiloGatewayPort = 2,
        });
        return builder.Build();
    }
}
