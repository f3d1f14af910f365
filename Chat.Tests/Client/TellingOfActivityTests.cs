using Chat.Client;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>An app may say with every touch that the user is there: the server hears it once in a while.</summary>
public sealed class TellingOfActivityTests : IAsyncLifetime
{
    private readonly ScriptedLog _log = new();
    private ScriptedGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ScriptedGateway.StartAsync(_log);

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task Many_touches_are_told_once_and_again_after_a_reconnect()
    {
        await using var alice = await StartAsync(apart: TimeSpan.FromHours(1));

        for (var i = 0; i < 20; i++) await alice.Chat.ReportActivityAsync();
        Assert.Single(_log.Asked.Snapshot());

        await Assert.ThrowsAsync<ChatException>(() => alice.Chat.UnwatchAsync([]));
        await alice.States.UntilAsync(
            "a reconnect", states => states.Count(change => change.State == ConnectionState.Connected) == 2);
        for (var i = 0; i < 20; i++) await alice.Chat.ReportActivityAsync();
        Assert.Equal(2, _log.Asked.Snapshot().Count);
    }

    [Fact]
    public async Task Past_the_interval_each_is_told()
    {
        await using var alice = await StartAsync(apart: TimeSpan.Zero);

        for (var i = 0; i < 3; i++) await alice.Chat.ReportActivityAsync();

        Assert.Equal(3, _log.Asked.Snapshot().Count);
    }

    [Fact]
    public async Task Unless_told_otherwise_it_is_told_every_fifteen_seconds()
    {
        var moment = TimeSpan.FromMilliseconds(1);
        var time = new FakeTimeProvider();
        await using var alice = await Device.StartAsync(new ChatConnectionOptions
        {
            Gateways = [_gateway.Address],
            UserId = "alice",
            Tokens = (_, _) => new("alice"),
            Time = time,
        });

        await alice.Chat.ReportActivityAsync();
        time.Advance(TimeSpan.FromSeconds(15) - moment);
        await alice.Chat.ReportActivityAsync();
        Assert.Single(_log.Asked.Snapshot());

        time.Advance(moment);
        await alice.Chat.ReportActivityAsync();
        Assert.Equal(2, _log.Asked.Snapshot().Count);
    }

    private Task<Device> StartAsync(TimeSpan apart) => Device.StartAsync(new ChatConnectionOptions
    {
        Gateways = [_gateway.Address],
        UserId = "alice",
        Tokens = (_, _) => new("alice"),
        BackOffFirst = TimeSpan.FromMilliseconds(20),
        BackOffMax = TimeSpan.FromMilliseconds(200),
        ActivityApart = apart,
    });
}
