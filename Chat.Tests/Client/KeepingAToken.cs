using Chat.Client;
using Chat.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>A password is asked of the gateway no oftener than a token is needed.</summary>
[Collection(ProcessTests.Collection)]
public sealed class KeepingAToken(RealGateway gateway) : IClassFixture<RealGateway>
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Many_callers_sign_in_once_until_the_token_is_refused()
    {
        var tokens = await TokensAsync();
        var before = gateway.SignedIn;

        var given = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => tokens.GetAsync(false, CancellationToken.None).AsTask()));
        var userId = await tokens.GetUserIdAsync();
        Assert.Equal(before + 1, gateway.SignedIn);
        Assert.Single(given.Distinct());
        Assert.Equal(userId, (await gateway.RestOf(tokens).GetUserAsync(userId)).UserId);
        Assert.Equal(before + 1, gateway.SignedIn);

        await tokens.GetAsync(true, CancellationToken.None);
        Assert.Equal(before + 2, gateway.SignedIn);
    }

    [Fact]
    public async Task A_token_is_replaced_a_minute_before_it_expires()
    {
        var tokens = await TokensAsync();
        var before = gateway.SignedIn;
        await tokens.GetAsync(false, CancellationToken.None);

        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(61));
        await tokens.GetAsync(false, CancellationToken.None);
        Assert.Equal(before + 1, gateway.SignedIn);

        _time.Advance(TimeSpan.FromSeconds(2));
        await tokens.GetAsync(false, CancellationToken.None);
        Assert.Equal(before + 2, gateway.SignedIn);
    }

    [Fact]
    public async Task A_wrong_password_is_said_to_whoever_needs_the_token_and_ends_the_device()
    {
        var user = await gateway.SignUpAsync("alice");
        var tokens = new PasswordTokens(gateway.Rest, user.Username, "wrong horse", _time);
        await using var device = Device.Make(new ChatConnectionOptions
        {
            Gateways = [gateway.Address],
            UserId = user.UserId,
            Tokens = tokens.GetAsync,
        });

        Func<Task>[] needing =
        [
            () => tokens.GetUserIdAsync(),
            () => gateway.RestOf(tokens).FindUserAsync(user.Username),
            () => device.Chat.StartAsync().WaitAsync(Eventually.Patience),
        ];
        foreach (var call in needing)
            Assert.Equal(ErrorCodes.BadCredentials, (await Assert.ThrowsAsync<ChatException>(call)).Code);
        await device.States.UntilAsync("closed", states => states[^1].State == ConnectionState.Closed);
    }

    private async Task<PasswordTokens> TokensAsync()
    {
        var user = await gateway.SignUpAsync("alice");
        return new PasswordTokens(gateway.Rest, user.Username, RealGateway.Password, _time);
    }
}
