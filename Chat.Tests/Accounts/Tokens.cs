using System.Net;
using System.Security.Cryptography;
using Chat.Gateway.Accounts;
using Chat.Hosting;
using Chat.Ids;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace Chat.Tests.Accounts;

/// <summary>Only a valid token opens a door.</summary>
public sealed class Tokens
{
    private static readonly UserId Somebody = new(Guid.Parse("b2a9e3a0c1d24f6c8a53a6cb1b0e7f10"));

    public static TheoryData<string, string> Forged => new()
    {
        { "of another key", Make(key: RandomNumberGenerator.GetBytes(32)) },
        { "of another issuer", Make(issuer: "elsewhere") },
        { "for another audience", Make(audience: "elsewhere") },
        { "expired", Make(expires: new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)) },
        { "of nobody", Make(subject: "not-an-id") },
        { "under no signature", Unsigned() },
        { "cut off", Make()[..^5] },
        { "no token", "a.b.c" },
        { "nothing like it", "hello" },
    };

    [Theory, MemberData(nameof(Forged))]
    public async Task A_token_that_is_not_ours_is_refused_on_both_ways_in(string what, string token)
    {
        await using var host = await AccountsHost.StartAsync();
        await Problem.AssertAsync(
            await host.GetAsync("/api/v1/users?username=a", token), HttpStatusCode.Unauthorized, "unauthenticated");
        await Problem.AssertAsync(
            await host.Http.PostAsync($"/hub/chat/negotiate?negotiateVersion=1&access_token={token}", null),
            HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task A_valid_token_is_taken()
    {
        await using var host = await AccountsHost.StartAsync();
        var answer = await host.GetAsync("/api/v1/users?username=a", Make());
        await Problem.AssertAsync(answer, HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task The_query_carries_a_token_to_the_hub_alone()
    {
        await using var host = await AccountsHost.StartAsync();
        await Problem.AssertAsync(
            await host.GetAsync($"/api/v1/users?username=a&access_token={Make()}", null),
            HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal(Somebody.ToString(), await AskHubAsync(host, query: Make(), header: null));
    }

    [Fact]
    public async Task The_header_carries_a_token_to_the_hub()
    {
        await using var host = await AccountsHost.StartAsync();
        Assert.Equal(Somebody.ToString(), await AskHubAsync(host, query: null, header: Make()));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_connection_does_not_keep_the_token_that_it_came_with(bool inQuery)
    {
        await using var host = await AccountsHost.StartAsync();
        var token = Make();

        var asked = await AskHubAsync(host, inQuery ? token : null, inQuery ? null : token, "Asked");

        Assert.Contains("id=", asked, StringComparison.Ordinal);
        Assert.DoesNotContain(token, asked, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standalone_gateway_makes_a_key_for_its_owner_alone_and_keeps_it()
    {
        var directory = Directory.CreateTempSubdirectory("chat-key-");
        try
        {
            var cluster = new ClusterOptions
            {
                Role = ClusterRole.Standalone, DataDirectory = Path.Combine(directory.FullName, "data"),
            };
            var made = SigningKey.Find(new AuthOptions(), cluster);
            Assert.Equal(32, made!.Length);
            Assert.Equal(made, SigningKey.Find(new AuthOptions(), cluster));
            var file = Path.Combine(cluster.DataDirectory, "signing.key");
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal([file], Directory.GetFiles(cluster.DataDirectory));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(null, null, "A cluster needs Chat__Auth__SigningKey")]
    [InlineData("AAAA", null, "Chat__Auth__SigningKey is not")]
    [InlineData("not base64!", null, "Chat__Auth__SigningKey is not")]
    [InlineData(null, "http://issuer.example", "Chat__Auth__Authority must be an https address")]
    public void A_cluster_without_a_key_or_issuer_does_not_start(string? key, string? authority, string message)
    {
        var cluster = new ClusterOptions { Role = ClusterRole.Gateway, ConnectionString = "none" };
        var settings = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Chat:Auth:SigningKey", key), new("Chat:Auth:Authority", authority),
        ]).Build();
        var refused = Assert.Throws<ConfigurationException>(() => SigningKey.Find(AuthOptions.From(settings), cluster));
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AskHubAsync(
        AccountsHost host, string? query, string? header, string method = "WhoAmI")
    {
        var address = new Uri(host.Address, query is null ? "/hub/chat" : $"/hub/chat?access_token={query}");
        await using var connection = new HubConnectionBuilder()
            .WithUrl(address, options =>
            {
                if (header is not null)
                    options.Headers["Authorization"] = $"Bearer {header}";
            })
            .Build();
        await connection.StartAsync();
        return await connection.InvokeAsync<string>(method, new { });
    }

    private static string Make(
        byte[]? key = null, string issuer = "chat", string audience = "chat", DateTime? expires = null,
        string? subject = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = new Dictionary<string, object> { ["sub"] = subject ?? Somebody.ToString() },
            Expires = expires ?? TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
            SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(key ?? Convert.FromBase64String(AccountsHost.Key)),
                SecurityAlgorithms.HmacSha256),
        });

    private static string Unsigned()
    {
        var parts = Make().Split('.');
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";
    }
}
