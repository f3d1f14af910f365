using Chat.Gateway.Accounts;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Draining;
using Chat.Hosting;
using Chat.Ids;
using Chat.Tests.Harness;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Delivery;

/// <summary>A gateway that leaves tells whoever is there once no balancer sends anybody more.</summary>
public sealed class TellingWhoIsThere
{
    private static readonly UserId[] Users = ScriptedCluster.Users(2);
    private static readonly DrainOptions Times = new();

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionRegistry _connections = new(
        NullLogger<DefaultHubLifetimeManager<ChatHub>>.Instance, Options.Create(new ConnectionOptions()));
    private readonly Drain _drain;

    public TellingWhoIsThere() => _drain = new Drain(
        _connections, new HubRequests(), new Readiness(null!, null!, null!, _time), Options.Create(Times), _time,
        NullLogger<Drain>.Instance);

    [Fact]
    public async Task Whose_handshake_was_under_way_when_it_began_is_told_too()
    {
        var (first, late) = (new Device(Users[0]), new Device(Users[1]));
        await _connections.OnConnectedAsync(first);

        var ended = _drain.RunAsync(CancellationToken.None);
        await _connections.OnConnectedAsync(late);
        await EndsAsync(ended);

        Assert.Equal([ServerCallbacks.Draining, "closed"], first.Told);
        Assert.Equal([ServerCallbacks.Draining, "closed"], late.Told);
    }

    [Fact]
    public async Task Who_has_left_in_the_meantime_is_waited_for_no_longer()
    {
        var only = new Device(Users[0]);
        await _connections.OnConnectedAsync(only);
        var ended = _drain.RunAsync(CancellationToken.None);
        await _connections.OnDisconnectedAsync(only);

        _time.Advance(Times.NotReadyFor);

        await Eventually.CompletesAsync("the drain", ended);
        Assert.Empty(only.Told);
    }

    [Fact]
    public void With_nobody_there_it_ends_at_once() =>
        Assert.True(_drain.RunAsync(CancellationToken.None).IsCompletedSuccessfully);

    private Task EndsAsync(Task drain) => Eventually.HoldsAsync("the drain to end", () =>
    {
        _time.Advance(Times.NotReadyFor);
        return drain.IsCompletedSuccessfully;
    });

    private sealed class Device : HubConnectionContext
    {
        internal Device(UserId user)
            : base(
                new DefaultConnectionContext { User = new ChatPrincipal(user) }, new HubConnectionContextOptions(),
                NullLoggerFactory.Instance) =>
            Features.Set<IConnectionLifetimeNotificationFeature>(new Transport(Told));

        internal List<string> Told { get; } = [];

        public override ValueTask WriteAsync(
            SerializedHubMessage message, CancellationToken cancellationToken = default)
        {
            Told.Add(((InvocationMessage)message.Message!).Target);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Transport(List<string> told) : IConnectionLifetimeNotificationFeature
    {
        public CancellationToken ConnectionClosedRequested { get; set; }

        public void RequestClose() => told.Add("closed");
    }
}
