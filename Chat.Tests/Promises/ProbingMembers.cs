using System.Net;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>What an operator sees of a cluster's members is the same of all of them.</summary>
[Collection(PromiseTests.Collection)]
public sealed class ProbingMembers(PromiseCluster house, ITestOutputHelper output)
{
    [Theory, InlineData("health/live", "live"), InlineData("health/ready", "ready")]
    public async Task A_silo_answers_a_probe_as_a_gateway_does(string path, string status)
    {
        await using var town = await house.EnterAsync(output);

        foreach (var member in Members())
        {
            using var answer = await Town.HttpAt(member.Address).GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal($$"""{"status":"{{status}}"}""", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task None_warns_at_its_start_of_the_collector_that_was_chosen_for_it()
    {
        await using var town = await house.EnterAsync(output);

        Assert.All(Members(), member => Assert.DoesNotContain("ServerGC", member.Output.Tail(int.MaxValue)));
    }

    private IEnumerable<ChatProcess> Members() => house.Cluster.Silos.Concat(house.Cluster.Gateways);
}
