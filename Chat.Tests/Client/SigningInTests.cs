using Chat.Client;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>What becomes of a connection whose token is refused.</summary>
public sealed class SigningInTests : IAsyncLifetime
{
    private readonly ScriptedLog _log = new();
    private ScriptedGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await ScriptedGateway.StartAsync(_log);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_token_is_replaced_by_a_fresh_one(bool negotiates)
    {
        var asked = new Observed<bool>();
        await using var alice = await Device.StartAsync(Options(
            (refused, _) =>
            {
                asked.Record(refused);
                return new(refused ? "alice" : "expired");
            },
            negotiates));

        Assert.Equal([false, true], asked.Snapshot());
        Assert.Equal(ConnectionState.Connected, alice.Chat.State);
    }

    [Fact]
    public async Task A_token_refused_again_and_again_ends_the_device()
    {
        await using var alice = Device.Make(Options((_, _) => new("expired")));
        var error = await Assert.ThrowsAsync<ChatException>(
            () => alice.Chat.StartAsync().WaitAsync(Eventually.Patience));

        Assert.Equal(ErrorCodes.Unauthenticated, error.Code);
        await alice.States.UntilAsync("closed", states => states[^1].State == ConnectionState.Closed);
    }

    [Fact]
    public async Task A_token_that_the_hub_refuses_again_and_again_ends_the_device_too()
    {
        var asked = new Observed<bool>();
        _log.RefuseCalls(HubMethods.Resume, [.. Enumerable.Repeat(ErrorCodes.Unauthenticated, 50)]);
        await using var alice = Device.Make(new ChatConnectionOptions
        {
            Gateways = [_gateway.Address],
            UserId = "alice",
            Tokens = (refused, _) =>
            {
                asked.Record(refused);
                return new("alice");
            },
            // No link here has held, however slow the machine, and no wait is long.
            BackOffFirst = TimeSpan.FromMinutes(1),
            BackOffMax = TimeSpan.FromMinutes(1),
            Random = new SmallChance(),
        });
        var error = await Assert.ThrowsAsync<ChatException>(
            () => alice.Chat.StartAsync().WaitAsync(Eventually.Patience));

        Assert.Equal(ErrorCodes.Unauthenticated, error.Code);
        Assert.Equal([false, true, true], asked.Snapshot());
        var states = await alice.States.UntilAsync("closed", all => all[^1].State == ConnectionState.Closed);
        Assert.All(
            states.Where(change => change.State == ConnectionState.Waiting),
            waiting => Assert.True(waiting.RetryIn > TimeSpan.FromMilliseconds(5), $"{waiting.RetryIn}"));
    }

    [Fact]
    public async Task No_token_at_all_ends_the_device_and_what_it_was_to_send()
    {
        await using var alice = Device.Make(Options(
            (_, _) => throw new ChatException(ErrorCodes.BadCredentials, "No.", retryable: false)));
        var pending = alice.Chat.SendTextAsync("c1", "x");

        var start = await Assert.ThrowsAsync<ChatException>(
            () => alice.Chat.StartAsync().WaitAsync(Eventually.Patience));
        var send = await Assert.ThrowsAsync<ChatException>(() => pending.WaitAsync(Eventually.Patience));
        Assert.Equal((ErrorCodes.BadCredentials, ErrorCodes.BadCredentials), (start.Code, send.Code));
    }

    private ChatConnectionOptions Options(AccessTokenProvider tokens, bool negotiates = false) => new()
    {
        Gateways = [_gateway.Address],
        UserId = "alice",
        Tokens = tokens,
        Negotiates = negotiates,
        BackOffFirst = TimeSpan.FromMilliseconds(20),
    };

    private sealed class SmallChance : Random
    {
        public override double NextDouble() => 0.000_1;
    }
}
