using System.Text.Json;
using Chat.Gateway.Accounts;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Presence;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Overload;
using Chat.Presence;
using Chat.Refusals;
using Chat.Tests.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Chat.Tests.Presence;

/// <summary>What a gateway does about presence, before a <see cref="ScriptedShare"/>; it renews when told to.</summary>
internal sealed class WatchingGateway
{
    private readonly Watches _watches;
    private readonly Presences _presences;
    private readonly Func<Task> _renew;
    private readonly ConnectionRegistry _connections = new(
        NullLogger<DefaultHubLifetimeManager<ChatHub>>.Instance, Options.Create(new ConnectionOptions()));

    internal WatchingGateway(ScriptedShare share)
    {
        var (options, time, silos) = (Options.Create(share.Options), share.Time, share.Silos);
        var load = new LoadGauge(Options.Create(new OverloadOptions()), time, NullLogger<LoadGauge>.Instance);
        var (index, times) = (new WatchIndex(options), new RenewalTimes(silos, options, time));
        // It publishes nothing: its batches are the test's.
        var activity = new ActivityOutbox(null!, silos, options, load, time, NullLogger<ActivityOutbox>.Instance);
        _watches = new Watches(
            index, _connections, activity, share.Grains, silos, times, Options.Create(new ChatLimits()), options,
            NullLogger<Watches>.Instance);
        _presences = new Presences(_watches, activity, share.Grains, load);
        var renewal = new PresenceRenewal(
            times, index, activity, _watches, share.Grains, silos, options, time,
            NullLogger<PresenceRenewal>.Instance);
        _renew = () => renewal.RenewAsync(0);
        Address = silos.Local;
    }

    internal SiloAddress Address { get; }

    internal async Task<WatchingDevice> ConnectAsync(UserId user)
    {
        var device = new WatchingDevice(user);
        await _connections.OnConnectedAsync(device);
        _presences.Come(device.Client);
        return device;
    }

    internal void Leaves(WatchingDevice device) => _presences.Leave(device.Client);

    internal async Task WatchAsync(WatchingDevice device, params UserId[] users)
    {
        var asked = JsonSerializer.Serialize(new { userIds = users.Select(user => user.ToString()) });
        (await _presences.WatchAsync(device.Client, Frames.Bind<WatchRequest>(asked).First())).OrThrow();
    }

    /// <summary>The push that a user has changed his privacy arrives.</summary>
    internal Task HearsOfPrivacyAsync(UserId user) => _watches.DecideAnewAsync(user);

    internal Task RenewAsync() => _renew();
}

/// <summary>A connection that keeps what it is told of others' presence.</summary>
internal sealed class WatchingDevice(UserId user) : HubConnectionContext(
    new DefaultConnectionContext { User = new ChatPrincipal(user) }, new HubConnectionContextOptions(),
    NullLoggerFactory.Instance)
{
    private int _resyncs;

    internal ClientConnection Client => Features.Get<ClientConnection>()!;

    internal List<UserPresence> Told { get; } = [];

    /// <summary>How often it was told that pushes were dropped.</summary>
    internal int Resyncs => Volatile.Read(ref _resyncs);

    /// <summary>What its writes wait for.</summary>
    internal Task Reads { get; set; } = Task.CompletedTask;

    public override ValueTask WriteAsync(
        SerializedHubMessage message, CancellationToken cancellationToken = default)
    {
        var told = ((InvocationMessage)message.Message!).Arguments[0];
        if (told is ResyncRequired) Interlocked.Increment(ref _resyncs);
        else Told.Add((UserPresence)told!);
        return new ValueTask(Reads);
    }
}
