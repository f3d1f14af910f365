using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Chat.Tests.Wire;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Outside;

/// <summary>Whatever comes to a REST route is carried out or refused by a problem with a code; never a fault.</summary>
public sealed class FuzzingRest(ITestOutputHelper output)
{
    private const int CasesOfARoute = 25;

    // With {id} and {text} for what chance puts there.
    private static readonly (string Method, string Route)[] Routes =
    [
        ("POST", "/api/v1/accounts"), ("POST", "/api/v1/tokens"), ("GET", "/api/v1/users?username={text}"),
        ("GET", "/api/v1/users/{id}"), ("GET", "/api/v1/conversations?cursor={text}&limit={number}"),
        ("GET", "/api/v1/conversations/{id}/messages?before={number}&limit={number}"),
        ("GET", "/api/v1/conversations/{id}/messages?after={number}&around={number}&limit={number}"),
        ("POST", "/api/v1/conversations/{id}/messages"), ("GET", "/api/v1/limits"), ("GET", "/health/live"),
        ("GET", "/metrics"), ("GET", "/openapi/v1.json"), ("POST", "/hub/chat/negotiate"),
        ("PUT", "/api/v1/{text}/{id}"), ("DELETE", "/api/v1/conversations/{id}/messages"), ("GET", "/{text}"),
    ];

    private readonly string _marker = "fuzz" + Guid.NewGuid().ToString("N");

    private sealed record Case(string Id, string Text, string Number, byte[] Body, string Type, string Token);

    [Fact]
    public async Task Every_route_answers_or_refuses_with_a_problem_and_a_code_and_logs_nothing()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output, Town.CheapPasswords);
        var told = new ConcurrentQueue<string>();
        gateway.Process.Output.Wrote += line =>
        {
            if (line.Contains(_marker, StringComparison.Ordinal)) told.Enqueue(line);
        };
        await using (var town = new Town(() => [gateway.Address], gateway.Process.Report, output))
        {
            var people = await town.WelcomeAsync("alice", "bob");
            var alice = await people[0].OnAsync(gateway.Address);
            var chat = await alice.OpenAsync(people[1]);
            await alice.InsistAsync(chat, "here");
            var cases = Cases([chat, people[1].Id, Guid.Empty.ToString("N")], people[0].Token);
            var statuses = new ConcurrentDictionary<(int, string), int>();
            using var http = new HttpClient { BaseAddress = gateway.Address };

            foreach (var (method, route) in Routes)
            {
                await cases.SampleAsync(
                    async one => statuses.AddOrUpdate(
                        await AnswerAsync(http, method, route, one), 1, (_, count) => count + 1),
                    iter: CasesOfARoute, threads: 1,
                    print: one => $"{method} {Filled(route, one)} {one.Type} {Encoding.UTF8.GetString(one.Body)}");
            }

            output.WriteLine(string.Join(", ", statuses.OrderBy(one => one.Key.Item1)));
            Assert.Contains(statuses.Keys, seen => seen is (200, _));
            Assert.Contains(statuses.Keys, seen => seen is (400, "invalid"));
            Assert.Equal("here", (await alice.ReadAllAsync(chat))[0].Content.Text);
        }

        Assert.Equal(0, await gateway.Process.StopAsync());
        Assert.Empty(told);
    }

    private Gen<Case> Cases(string[] ids, string token)
    {
        var texts = Gen.OneOf(
            Gen.OneOf(_marker, $"{_marker}' OR 1=1 --", $"{_marker}%", "../" + _marker, "é👋" + _marker, ""),
            Gen.String[Gen.Char[' ', '~'], 0, 30].Select(text => _marker + text));
        var numbers = Gen.OneOf(
            Gen.Int[-2, 205].Select(number => $"{number}"), Gen.OneOf("", "1.5", "9223372036854775808", _marker, "１"));
        var shapes = new Shapes(ids, ids, _marker);
        var account = Gen.Select(
            Gen.OneOf(texts, Gen.Guid.Select(id => $"{id:N}")), texts, texts, (name, password, shown) =>
                (Value)new Value.Fields(
                [
                    ("username", new Value.Words(name)), ("password", new Value.Words(password)),
                    ("displayName", new Value.Words(shown)),
                ]));
        var json = Gen.OneOf(shapes.ArgumentsOf(Chat.Client.HubMethods.Send), account, Value.Any)
            .Select(value => Encoding.UTF8.GetBytes(value.Json));
        var bodies = Gen.Frequency(
            (8, json), (1, Gen.Byte.Array[0, 200]),
            (1, Gen.Const(Encoding.UTF8.GetBytes(_marker + new string('[', 300)))),
            (1, json.Select(body => body[..(body.Length / 2)])), (1, Gen.Const(new byte[140_000])));
        var types = Gen.Frequency(
            (6, Gen.Const("application/json")), (1, Gen.OneOf("text/plain", "image/png", "application/x-" + _marker)));
        var tokens = Gen.Frequency((6, Gen.Const(token)), (1, Gen.OneOf("", _marker, token + "x")));
        return Gen.Select(Gen.OneOf(Gen.OneOf(ids), texts), texts, numbers, bodies, types, tokens)
            .Select(one => new Case(one.Item1, one.Item2, one.Item3, one.Item4, one.Item5, one.Item6));
    }

    private async Task<(int Status, string Code)> AnswerAsync(HttpClient http, string method, string route, Case one)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Filled(route, one));
        if (method is not "GET")
        {
            request.Content = new ByteArrayContent(one.Body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(one.Type);
        }

        if (one.Token.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + one.Token);
        using var answer = await http.SendAsync(request);
        var status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode) return (status, "");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status is >= 400 and < 500 or 503, $"{status}: {text}");
        Assert.True(
            answer.Content.Headers.ContentType?.MediaType is "application/problem+json",
            $"{status} {answer.Content.Headers.ContentType}: {text}");
        var problem = JsonElement.Parse(text);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.DoesNotContain(_marker, text, StringComparison.Ordinal);
        return (status, problem.GetProperty("code").GetString()!);
    }

    private static string Filled(string route, Case one) => route
        .Replace("{id}", Uri.EscapeDataString(one.Id), StringComparison.Ordinal)
        .Replace("{text}", Uri.EscapeDataString(one.Text), StringComparison.Ordinal)
        .Replace("{number}", Uri.EscapeDataString(one.Number), StringComparison.Ordinal);
}
