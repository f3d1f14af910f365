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
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Sessions;

/// <summary>A gateway renews its connections' leases with their users' grains, which the test plays.</summary>
public sealed class RenewingLeases
{
    private readonly FakeTimeProvider _time = new();
    private readonly SiloDirectory _silos = new ScriptedCluster().Silos;

    /// <summary>Of any kind: it may be no fault of the call's, and the connection would be left to its lease.</summary>
    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_a_second_later_and_the_device_resumes()
    {
        var device = new WatchingDevice(new UserId(Guid.NewGuid()));
        var options = Options.Create(new ConnectionOptions { ParallelAttachMax = 1 });
        var connections = new ConnectionRegistry(
            NullLogger<DefaultHubLifetimeManager<ChatHub>>.Instance, options);
        await connections.OnConnectedAsync(device);
        var attached = 0;
        var user = Played.By<IUserGrain>((_, _) => Interlocked.Increment(ref attached) switch
        {
            1 => Task.FromResult(Answer()),
            2 => Task.FromException<AttachAnswer>(new InvalidOperationException("No fault that is known.")),
            _ => Task.FromResult(Answer(device.Client.Key)),
        });
        var grains = Played.By<IGrainFactory>((_, _) => user);
        using var leases = new SessionLeases(
            connections, new SendBudgets(grains, Options.Create(new ChatLimits()), _time), _silos, grains, options,
            _time, NullLogger<SessionLeases>.Instance);
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

    /// <summary>Second after second goes by.</summary>
    private Task PassUntilAsync(string what, Func<bool> holds) => Eventually.HoldsAsync(what, () =>
    {
        if (holds()) return true;
        _time.Advance(TimeSpan.FromSeconds(1));
        return false;
    });

    private AttachAnswer Answer(params long[] unknown) => new(unknown, _silos.Local, new SendAllowance(1));
}
