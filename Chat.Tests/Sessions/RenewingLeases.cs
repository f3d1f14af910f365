using Chat.Delivery;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Sessions;
using Chat.Ids;
using Chat.Refusals;
using Chat.Tests.Delivery;
using Chat.Tests.Harness;
using Chat.Tests.Presence;
using Chat.Users;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Sessions;

/// <summary>A gateway renews its connections' leases with their users' grains, which the test plays.</summary>
public sealed class RenewingLeases
{
    private static readonly IOptions<ConnectionOptions> Tunables = Options.Create(
        new ConnectionOptions { ParallelAttachMax = 1, AttachWithin = TimeSpan.Zero });

    private readonly FakeTimeProvider _time = new();
    private readonly SiloDirectory _silos = new ScriptedCluster().Silos;
    private readonly ConnectionRegistry _connections = new(
        NullLogger<DefaultHubLifetimeManager<ChatHub>>.Instance, Tunables);

    /// <summary>
    /// Of any kind: it may be no fault of the call's, and the connection would be left to its lease. A call that failed
    /// may have attached the device all the same, some time after the pushes that it lacks.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renewal_that_fails_is_tried_again_a_second_later_and_the_device_resumes(bool wasAttached)
    {
        var device = await DeviceAsync();
        var attached = 0;
        var user = Played.By<IUserGrain>((_, _) => Interlocked.Increment(ref attached) switch
        {
            1 => Task.FromResult(Answer()),
            2 => Task.FromException<AttachAnswer>(new InvalidOperationException("No fault that is known.")),
            _ => Task.FromResult(wasAttached ? Answer() : Answer(device.Client.Key)),
        });
        using var leases = Leases(user, NullLogger<SessionLeases>.Instance);
        Assert.True(await leases.TryAttachAsync(device.Client, CancellationToken.None));
        await leases.StartAsync(CancellationToken.None);

        await PassUntilAsync("a renewal that fails", () => Volatile.Read(ref attached) == 2);
        await Eventually.HoldsAsync(
            "the next one to be due within a second",
            () => device.Client.RenewAt <= _time.GetTimestamp() + _time.TimestampFrequency);
        Assert.Equal(0, device.Resyncs);

        await PassUntilAsync("the device to be told to resume", () => device.Resyncs == 1);
        await leases.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_fails_by_the_hundred_while_a_silo_is_away_is_one_line_of_the_log()
    {
        var user = Played.By<IUserGrain>((_, _) => Task.FromException<AttachAnswer>(new TimeoutException()));
        var log = new Observed<string>();
        using var logging = new LoggerFactory([new ObservedLog(log)]);
        using var leases = Leases(user, logging.CreateLogger<SessionLeases>());
        for (var i = 0; i < 100; i++)
            Assert.False(await leases.TryAttachAsync((await DeviceAsync()).Client, CancellationToken.None));

        await leases.StartAsync(CancellationToken.None);
        await PassUntilAsync("it to be logged", () => log.Count > 0);
        await leases.StopAsync(CancellationToken.None);

        Assert.Contains("100 connections", Assert.Single(log.Snapshot()), StringComparison.Ordinal);
    }

    private async Task<WatchingDevice> DeviceAsync()
    {
        var device = new WatchingDevice(new UserId(Guid.NewGuid()));
        await _connections.OnConnectedAsync(device);
        return device;
    }

    private SessionLeases Leases(IUserGrain user, ILogger<SessionLeases> logger)
    {
        var grains = Played.By<IGrainFactory>((_, _) => user);
        return new SessionLeases(
            _connections, new SendBudgets(grains, Options.Create(new ChatLimits()), _time), _silos, grains, Tunables,
            _time, logger);
    }

    /// <summary>Second after second goes by.</summary>
    private Task PassUntilAsync(string what, Func<bool> holds) => Eventually.HoldsAsync(what, () =>
    {
        if (holds()) return true;
        _time.Advance(TimeSpan.FromSeconds(1));
        return false;
    });

    private AttachAnswer Answer(params long[] unknown) => new(unknown, _silos.Local, new SendAllowance(1));
}
