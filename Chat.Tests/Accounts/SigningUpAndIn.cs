using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Chat.Gateway.Accounts;
using Chat.Ids;
using Chat.Users;
using CsCheck;
using Xunit;

namespace Chat.Tests.Accounts;

/// <summary>Accounts, log-ins, and what REST says when it refuses.</summary>
public sealed class SigningUpAndIn
{
    [Fact]
    public async Task Who_signs_up_can_sign_in_and_be_found()
    {
        await using var host = await AccountsHost.StartAsync();
        var created = await host.CreateAsync("Alice", "correct horse", "Alice A. 👋");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var account = (await created.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal("Alice", (string?)account["username"]);
        Assert.Equal("Alice A. 👋", (string?)account["displayName"]);

        var answer = (await (await host.LogInAsync("alice", "correct horse")).Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((string?)account["userId"], (string?)answer["userId"]);
        Assert.Equal("Bearer", (string?)answer["tokenType"]);
        Assert.Equal(86_400, (int)answer["expiresIn"]!);

        var token = (string)answer["accessToken"]!;
        foreach (var path in (string[])["/api/v1/users?username=ALICE", $"/api/v1/users/{account["userId"]}"])
        {
            var found = await (await host.GetAsync(path, token)).Content.ReadFromJsonAsync<JsonObject>();
            Assert.True(JsonNode.DeepEquals(account, found), path);
        }
    }

    [Fact]
    public async Task A_taken_username_is_refused_in_any_case()
    {
        await using var host = await AccountsHost.StartAsync();
        await host.CreateAsync("alice", "correct horse");
        await Problem.AssertAsync(
            await host.CreateAsync("ALICE", "another one"), HttpStatusCode.Conflict, "username_taken");
    }

    [Theory]
    [InlineData("alice", "wrong horse")]
    [InlineData("nobody", "correct horse")]
    [InlineData("", "")]
    public async Task Wrong_credentials_are_refused_alike(string username, string password)
    {
        await using var host = await AccountsHost.StartAsync();
        await host.CreateAsync("alice", "correct horse");
        var problem = await Problem.AssertAsync(
            await host.LogInAsync(username, password), HttpStatusCode.Unauthorized, "bad_credentials");
        Assert.Equal("No such username and password.", (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_hash_of_fewer_rounds_is_made_anew_at_the_next_right_log_in_and_at_no_wrong_one()
    {
        await using var host = await AccountsHost.StartAsync(("Chat:Auth:PasswordIterations", "2000"));
        using var older = new PasswordHashing(new AuthOptions { PasswordIterations = 1_000 });
        var weak = await older.TryHashAsync("correct horse", CancellationToken.None);
        var alice = new Account(new UserId(Guid.NewGuid()), "alice", "Alice");
        await host.Accounts.TryCreateAsync(alice, weak!, DateTimeOffset.UnixEpoch, CancellationToken.None);

        await host.LogInAsync("alice", "wrong horse");
        Assert.Equal(weak, await HashAsync());
        Assert.Equal(HttpStatusCode.OK, (await host.LogInAsync("alice", "correct horse")).StatusCode);
        var strong = await HashAsync();
        Assert.NotEqual(weak, strong);
        Assert.Equal(HttpStatusCode.OK, (await host.LogInAsync("alice", "correct horse")).StatusCode);
        Assert.Equal(strong, await HashAsync());

        async Task<string?> HashAsync() =>
            (await host.Accounts.FindAsync("alice", CancellationToken.None))!.Value.PasswordHash;
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_told_how_long()
    {
        await using var host = await AccountsHost.StartAsync(
            ("Chat:Auth:TokenAttemptBurst", "2"), ("Chat:Auth:TokenAttemptEvery", "00:10:00"));
        await host.LogInAsync("alice", "guess 1");
        await host.LogInAsync("Alice", "guess 2");
        var refused = await host.LogInAsync("alice", "guess 3");
        var problem = await Problem.AssertAsync(refused, HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.True((bool)problem["retryable"]!);
        Assert.InRange((int)problem["retryAfterMs"]!, 1, 600_000);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.LogInAsync("bob", "guess 1")).StatusCode);
    }

    [Fact]
    public async Task Who_knows_the_password_is_not_slowed_down_unless_somebody_guesses()
    {
        await using var host = await AccountsHost.StartAsync(
            ("Chat:Auth:TokenAttemptBurst", "2"), ("Chat:Auth:TokenAttemptEvery", "00:10:00"));
        await host.CreateAsync("alice", "correct horse");
        for (var n = 1; n <= 5; n++)
            Assert.Equal(HttpStatusCode.OK, (await host.LogInAsync("alice", "correct horse")).StatusCode);

        await host.LogInAsync("alice", "guess 1");
        await host.LogInAsync("alice", "guess 2");
        await Problem.AssertAsync(
            await host.LogInAsync("alice", "correct horse"), HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task No_other_spelling_of_a_name_gives_further_guesses()
    {
        await using var host = await AccountsHost.StartAsync(
            ("Chat:Auth:TokenAttemptBurst", "2"), ("Chat:Auth:TokenAttemptEvery", "00:10:00"));
        await host.LogInAsync("kim", "guess 1");
        // The Kelvin sign: stores look names up in lower case, where it is a k.
        await host.LogInAsync("\u212Aim", "guess 2");
        await Problem.AssertAsync(
            await host.LogInAsync("kim", "guess 3"), HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task Too_many_log_ins_at_once_are_busy_and_not_queued_without_bound()
    {
        await using var host = await AccountsHost.StartAsync(
            ("Chat:Auth:HashesAtOnce", "1"), ("Chat:Auth:HashesWaitingMax", "0"),
            ("Chat:Auth:PasswordIterations", "2000000"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => host.LogInAsync($"user{n}", "guess one")));
        Assert.Contains(answers, answer => answer.StatusCode is HttpStatusCode.Unauthorized);
        var refused = answers.First(answer => answer.StatusCode is not HttpStatusCode.Unauthorized);
        await Problem.AssertAsync(refused, HttpStatusCode.ServiceUnavailable, "busy");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"alice\"")]
    [InlineData("""{"username":"alice"}""")]
    [InlineData("""{"username":7,"password":"correct horse"}""")]
    [InlineData("""{"username":"al ice","password":"correct horse"}""")]
    [InlineData("""{"username":"","password":"correct horse"}""")]
    [InlineData("""{"username":"alice","password":"short"}""")]
    [InlineData("""{"username":"alice","password":"correct horse","displayName":" "}""")]
    [InlineData("""{"username":"alice","password":"correct horse","displayName":"a\nb"}""")]
    [InlineData("""{"username":"alice","password":"correct \ud800 horse"}""")]
    public async Task A_body_that_is_not_an_account_is_invalid(string body)
    {
        await using var host = await AccountsHost.StartAsync();
        await Problem.AssertAsync(await PostAsync(host, body), HttpStatusCode.BadRequest, "invalid");
    }

    [Theory]
    [InlineData("a", 300)]
    [InlineData("é", 150)]
    [InlineData("名", 100)]
    [InlineData("👋", 75)]
    public async Task A_display_name_is_measured_in_bytes_of_UTF_8_as_other_texts_are(string letter, int most)
    {
        await using var host = await AccountsHost.StartAsync();
        var name = string.Concat(Enumerable.Repeat(letter, most));

        var fits = await PostAsync(host, Body("alice", name));
        var isLonger = await PostAsync(host, Body("bob", name + "a"));

        Assert.Equal(name, (string?)(await fits.Content.ReadFromJsonAsync<JsonObject>())!["displayName"]);
        await Problem.AssertAsync(isLonger, HttpStatusCode.BadRequest, "invalid");

        static string Body(string username, string displayName) =>
            $$"""{"username":"{{username}}","password":"correct horse","displayName":"{{displayName}}"}""";
    }

    [Fact]
    public async Task Any_body_has_an_answer()
    {
        await using var host = await AccountsHost.StartAsync();
        await Wire.Value.Any.SampleAsync(
            async value =>
            {
                var json = new StringBuilder();
                value.WriteJson(json);
                var answer = await PostAsync(host, json.ToString());
                Assert.InRange((int)answer.StatusCode, 400, 413);
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public async Task An_endless_body_is_cut_off()
    {
        await using var host = await AccountsHost.StartAsync();
        var body = $$"""{"username":"alice","password":"{{new string('x', 200_000)}}"}""";
        await Problem.AssertAsync(
            await PostAsync(host, body), HttpStatusCode.RequestEntityTooLarge, "content_too_large");
        using var streamed = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body)));
        streamed.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounts") { Content = streamed };
        request.Headers.TransferEncodingChunked = true;
        await Problem.AssertAsync(
            await host.Http.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "content_too_large");
    }

    [Fact]
    public async Task Whatever_goes_wrong_is_a_problem_without_exception_text()
    {
        await using var host = await AccountsHost.StartAsync();
        var plain = new StringContent("username=alice", Encoding.UTF8, "text/plain");
        await Problem.AssertAsync(
            await host.Http.PostAsync("/api/v1/accounts", plain), HttpStatusCode.UnsupportedMediaType, "invalid");
        await Problem.AssertAsync(await host.Http.GetAsync("/api/v1/nothing"), HttpStatusCode.NotFound, "invalid");
        await Problem.AssertAsync(
            await host.Http.GetAsync("/api/v1/accounts"), HttpStatusCode.MethodNotAllowed, "invalid");
        var broken = await Problem.AssertAsync(
            await host.Http.GetAsync("/broken"), HttpStatusCode.InternalServerError, "internal");
        Assert.DoesNotContain("secret", broken.ToJsonString(), StringComparison.Ordinal);
        var slow = await Problem.AssertAsync(
            await host.Http.GetAsync("/slow"), HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.True((bool)slow["retryable"]!);
        await Problem.AssertAsync(await host.Http.GetAsync("/crowded"), HttpStatusCode.ServiceUnavailable, "busy");
    }

    [Fact]
    public async Task Users_are_shown_to_those_who_are_signed_in()
    {
        await using var host = await AccountsHost.StartAsync();
        var (_, token) = await host.JoinAsync("alice");
        await Problem.AssertAsync(
            await host.GetAsync("/api/v1/users?username=alice", null), HttpStatusCode.Unauthorized, "unauthenticated");
        await Problem.AssertAsync(
            await host.GetAsync("/api/v1/users", token), HttpStatusCode.BadRequest, "invalid");
        foreach (var path in (string[])["?username=bob", "/not-an-id", "/00000000000000000000000000000000"])
        {
            await Problem.AssertAsync(
                await host.GetAsync($"/api/v1/users{path}", token), HttpStatusCode.NotFound, "user_not_found");
        }
    }

    [Fact]
    public async Task The_limits_are_published_under_the_contracts_names_with_its_defaults()
    {
        await using var host = await AccountsHost.StartAsync();
        var limits = await host.Http.GetFromJsonAsync<JsonObject>("/api/v1/limits");
        var expected = new Dictionary<string, int>
        {
            ["textBytes"] = 16_384,
            ["imageBytes"] = 16_777_216,
            ["imagePixels"] = 50_000_000,
            ["groupMembers"] = 1_024,
            ["historyPage"] = 200,
            ["watchedUsers"] = 256,
            ["sendsPerSecond"] = 30,
            ["sendBurst"] = 60,
        };
        Assert.Equal(
            expected.OrderBy(limit => limit.Key),
            limits!.ToDictionary(limit => limit.Key, limit => (int)limit.Value!).OrderBy(limit => limit.Key));
    }

    [Fact]
    public async Task The_published_description_shows_ids_as_texts_and_who_needs_a_token()
    {
        await using var host = await AccountsHost.StartAsync();
        var document = (await host.Http.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;
        var users = document["paths"]!["/api/v1/users/{userId}"]!["get"]!;
        Assert.NotNull(users["security"]);
        Assert.NotNull(users["responses"]!["404"]!["content"]!["application/problem+json"]);
        Assert.Null(document["paths"]!["/api/v1/accounts"]!["post"]!["security"]);
        Assert.NotNull(document["paths"]!["/api/v1/accounts"]!["post"]!["requestBody"]);
        Assert.Contains("^[0-9a-f]{32}$", document.ToJsonString(), StringComparison.Ordinal);
        var schemas = document["components"]!["schemas"]!;
        Assert.NotNull(document["components"]!["securitySchemes"]!["bearer"]);
        Assert.Equal("integer", (string?)schemas["ChatLimits"]!["properties"]!["textBytes"]!["type"]);
        Assert.Equal(
            """["username","password"]""", schemas["CreateAccountBody"]!["required"]!.ToJsonString());
        Assert.Equal("username", (string?)document["paths"]!["/api/v1/users"]!["get"]!["parameters"]![0]!["name"]);
    }

    private static Task<HttpResponseMessage> PostAsync(AccountsHost host, string body) =>
        host.Http.PostAsync("/api/v1/accounts", new StringContent(body, Encoding.UTF8, "application/json"));
}
