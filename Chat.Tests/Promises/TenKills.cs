using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Promises;

/// <summary>Measures how long conversations are silent when one of two silos is killed, again and again.</summary>
[Collection(PromiseTests.Collection)]
[Trait("Category", PromiseTests.Benchmark)]
public sealed class TenKills(PromiseCluster house, ITestOutputHelper output)
{
    [Fact]
    public async Task The_longest_silence_is_reported()
    {
        var longest = new List<double>();
        await using var town = await house.EnterAsync(output);
        var neighbours = await Neighbours.MoveInAsync(town);
        for (var kill = 1; kill <= 10; kill++)
        {
            var silo = house.Cluster.Silos[kill % house.Cluster.Silos.Count];
            var silences = await neighbours.SilencesAsync(() => silo.KillAsync());
            await neighbours.EachHearsEachAsync();
            var sorted = silences.Values.Select(silence => silence.TotalSeconds).Order().ToArray();
            longest.Add(sorted[^1]);
            Report(string.Create(
                CultureInfo.InvariantCulture,
                $"kill {kill,2}: {silo.Name}, median {sorted[sorted.Length / 2]:0.00} s, longest {sorted[^1]:0.00} s"));
            await silo.StartAsync();
            await neighbours.EachHearsEachAsync();
        }

        Report(string.Create(
            CultureInfo.InvariantCulture,
            $"longest silence over {longest.Count} kills: {longest.Max():0.00} s"));
        Assert.Empty(neighbours.Reconnected());
    }

    private void Report(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
