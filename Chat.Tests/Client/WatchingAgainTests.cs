using Chat.Client;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>Who is watched stays watched, over reconnects and refusals.</summary>
public sealed class WatchingAgainTests : IAsyncLifetime
{
    private readonly ScriptedLog _log = new();
    private readonly Observed<SeenPresence> _seen = new();
    private ScriptedGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ScriptedGateway.StartAsync(_log);

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task Refused_for_now_after_a_reconnect_it_is_asked_until_it_is_let_in()
    {
        await using var alice = await WatchingBobAsync();
        _log.RefuseCalls(HubMethods.Watch, "busy", "busy");
        alice.Chat.Reconnect();

        await _seen.UntilAsync("Bob's presence", all => all.Count == 1);
        Assert.Equal("bob", _seen.Snapshot()[0].UserId);
        Assert.Equal(4, _log.Asked.Count);
    }

    [Fact]
    public async Task Refused_for_good_it_is_asked_with_the_next_connection()
    {
        await using var alice = await WatchingBobAsync();
        _log.RefuseCalls(HubMethods.Watch, "invalid");
        alice.Chat.Reconnect();
        await _log.Asked.UntilAsync("the refused asking", all => all.Count == 2);
        alice.Chat.Reconnect();

        await _seen.UntilAsync("Bob's presence", all => all.Count == 1);
        Assert.Equal(3, _log.Asked.Count);
    }

    private async Task<Device> WatchingBobAsync()
    {
        var alice = await Device.StartAsync(Device.Options("alice", _gateway));
        alice.Chat.PresenceChanged += _seen.Record;
        await alice.Chat.WatchAsync(["bob"]);
        return alice;
    }
}
