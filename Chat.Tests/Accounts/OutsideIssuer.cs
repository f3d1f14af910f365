using System.Net;
using System.Security.Cryptography;
using Chat.Gateway.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace Chat.Tests.Accounts;

/// <summary>Users of an OIDC issuer come in beside, or instead of, those with local accounts.</summary>
public sealed class OutsideIssuer
{
    [Fact]
    public async Task Its_users_get_an_account_under_an_id_that_follows_from_its_name_for_them()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var host = await AccountsHost.StartAsync(("Chat:Auth:Authority", issuer.Url));
        var token = issuer.Issue("subject-1", username: "Zoë!");
        var answer = await host.GetAsync("/api/v1/users?username=Zo", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var expected = ExternalUsers.IdOf(issuer.Url, "subject-1");
        Assert.NotNull(await host.Accounts.GetAsync(expected, CancellationToken.None));
        Assert.NotEqual(expected, ExternalUsers.IdOf(issuer.Url, "subject-2"));
    }

    [Fact]
    public async Task Local_accounts_go_on_beside_it()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var host = await AccountsHost.StartAsync(("Chat:Auth:Authority", issuer.Url));
        var (userId, token) = await host.JoinAsync("alice");
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync($"/api/v1/users/{userId}", token)).StatusCode);
    }

    [Fact]
    public async Task Without_a_signing_key_it_is_the_only_one()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var host = await AccountsHost.StartAsync(
            ("Chat:Auth:Authority", issuer.Url), ("Chat:Auth:SigningKey", ""));
        Assert.Equal(
            HttpStatusCode.NotFound, (await host.GetAsync("/api/v1/users?username=x", issuer.Issue("s"))).StatusCode);
        await Problem.AssertAsync(
            await host.CreateAsync("alice", "correct horse"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_token_under_another_key_or_for_another_audience_is_refused()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var host = await AccountsHost.StartAsync(("Chat:Auth:Authority", issuer.Url));
        using var otherKey = RSA.Create(2048);
        string[] forged =
        [
            issuer.Issue("s", audience: "elsewhere"),
            issuer.Issue("s", key: otherKey),
            issuer.Issue("s", named: "https://elsewhere.example"),
        ];
        foreach (var token in forged)
        {
            await Problem.AssertAsync(
                await host.GetAsync("/api/v1/users?username=x", token), HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task While_it_is_away_nobody_can_say_and_the_caller_may_try_again()
    {
        var issuer = await FakeIssuer.StartAsync();
        var token = issuer.Issue("s");
        await using var host = await AccountsHost.StartAsync(("Chat:Auth:Authority", issuer.Url));
        await issuer.DisposeAsync();
        await Problem.AssertAsync(
            await host.GetAsync("/api/v1/users?username=x", token), HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    /// <summary>As much of OIDC as a resource server sees: discovery, keys, and signed tokens.</summary>
    private sealed class FakeIssuer : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly RSA _key = RSA.Create(2048);

        private FakeIssuer(WebApplication app) => _app = app;

        public string Url => _app.Urls.First();

        public static async Task<FakeIssuer> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var issuer = new FakeIssuer(app);
            app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, string>
            {
                ["issuer"] = issuer.Url, ["jwks_uri"] = $"{issuer.Url}/keys",
            }));
            app.MapGet("/keys", issuer.Keys);
            await app.StartAsync();
            return issuer;
        }

        public string Issue(
            string subject, string audience = "chat", string? username = null, RSA? key = null, string? named = null)
        {
            var claims = new Dictionary<string, object> { ["sub"] = subject };
            if (username is not null)
                claims["preferred_username"] = username;
            return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = named ?? Url,
                Audience = audience,
                Claims = claims,
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
                SigningCredentials = new SigningCredentials(
                    new RsaSecurityKey(key ?? _key) { KeyId = "one" }, SecurityAlgorithms.RsaSha256),
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _key.Dispose();
        }

        private IResult Keys()
        {
            var key = _key.ExportParameters(includePrivateParameters: false);
            var published = new
            {
                kty = "RSA", use = "sig", alg = "RS256", kid = "one",
                n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent),
            };
            return Results.Json(new { keys = new[] { published } });
        }
    }
}
