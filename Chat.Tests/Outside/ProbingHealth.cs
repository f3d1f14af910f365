using System.Net;
using Xunit;

namespace Chat.Tests.Outside;

/// <summary>What load balancers and containers ask of a member.</summary>
public sealed class ProbingHealth(OutsideGateway house) : IClassFixture<OutsideGateway>
{
    [Theory, InlineData("health/live", "live"), InlineData("health/ready", "ready")]
    public async Task It_answers_a_probe_without_a_body_as_it_answers_one_with(string path, string status)
    {
        using var http = new HttpClient { BaseAddress = house.Gateway.Address };
        using var head = new HttpRequestMessage(HttpMethod.Head, path);

        using var answer = await http.SendAsync(head);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal($$"""{"status":"{{status}}"}""", await http.GetStringAsync(path));
    }
}
