using System.Globalization;
using System.Text.Json;
using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;
using Chat.Tests.Harness;

namespace Chat.Load.Groups;

/// <summary>
/// Pairs that talk beside a group, in a process of their own: what they wait for is the servers, and not this process,
/// which reads all that the group's members get.
/// </summary>
internal sealed class PairsBeside(GroupOptions options, Topology topology, Report report, CancellationToken stop)
{
    /// <summary>Texts a second of a pair.</summary>
    private const int PairRate = 4;

    private static readonly TimeSpan SettingUpMax = TimeSpan.FromMinutes(2);

    private static readonly (string Key, string Label)[] Latencies =
        [("ack", "send -> ack"), ("delivered", "send -> delivered"), ("receipt", "send -> receipt")];

    private static readonly (string Key, string Label)[] Counts =
    [
        ("sent", "messages sent"), ("delivered", "delivered"), ("stored", "stored"), ("duplicates", "duplicates"),
    ];

    /// <summary>Warms up, measures, and checks that every message arrived once.</summary>
    /// <returns>The column of figures, not in the report yet.</returns>
    public async Task<Section> TalkAsync(string name)
    {
        var limit = options.Warmup + options.Duration + SettingUpMax;
        await using var talk = await ChildProcess.StartAsync(Command(limit));
        var code = await talk.ExitAsync(name, limit).WaitAsync(stop);
        var line = talk.Output.Snapshot().LastOrDefault(line => line.StartsWith('{'))
            ?? throw new InvalidOperationException($"{name} ended with {code}:\n{talk.Output.Tail()}");
        return Read(name, JsonElement.Parse(line));
    }

    private ChildCommand Command(TimeSpan limit) => new(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        typeof(PairsBeside).Assembly.Location,
        "direct",
        "--gateways-at", string.Join(',', topology.Gateways),
        "--users", Text(options.Pairs * 2),
        "--rate", Text(options.Pairs * PairRate),
        "--text-bytes", Text(options.TextBytes),
        "--warmup", Text(options.Warmup.TotalSeconds),
        "--duration", Text(options.Duration.TotalSeconds),
        "--time-limit", Text(limit.TotalSeconds),
        "--json");

    private Section Read(string name, JsonElement talk)
    {
        foreach (var problem in talk.GetProperty("problems").EnumerateArray())
            report.Problems.Add($"{name}: {problem.GetString()}");
        var (phase, all) = (talk.GetProperty("sections")[0], talk.GetProperty("sections")[1]);
        var section = new Section(name);
        section.Add("messagesPerSecond", "messages/s", Number(phase, "messagesPerSecond"));
        foreach (var (key, label) in Latencies)
            section.AddLatency(key, label, percent => Number(phase, ServerFigures.LatencyKey(key, percent)));
        foreach (var (key, label) in Counts) section.Add(key, label, Number(all, key));
        return section;
    }

    private static double? Number(JsonElement section, string key) =>
        section.GetProperty(key) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
