using System.Text.Json;
using Chat.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Chat.Tests.Load;

/// <summary>The load tool as its users run it, with tiny numbers.</summary>
[Collection(ProcessTests.Collection)]
public sealed class RunningLoads(ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    // Presence without a warm-up: whoever touched his app in it is online for a minute, and is not told of again.
    [Theory]
    [InlineData("direct --standalone --users 4 --warmup 0 --duration 1", "delivered")]
    [InlineData("direct --standalone --users 4 --rate 40 --warmup 0 --duration 1", "delivered")]
    [InlineData("direct --silos 1 --gateways 2 --users 4 --window 2 --warmup 0 --duration 1", "delivered")]
    [InlineData("group --standalone --members 6 --online 4 --senders 2 --warmup 0 --duration 1", "lastP99Ms")]
    [InlineData("group --standalone --members 5 --rate 20 --receipts --warmup 0 --duration 1", "receiptPushesPerPost")]
    [InlineData(
        "group --standalone --members 4 --senders 1 --beside-direct 2 --warmup 0 --duration 1",
        "cpuMsPerPost")]
    [InlineData("idle --standalone --connections 2,4 --settle 0 --hold 1", "kibPerConnection")]
    [InlineData("offline --standalone --receivers 3 --each 4 --senders 2", "allCompleteSeconds")]
    [InlineData(
        "presence --standalone --users 4 --watchers 2 --active 1 "
        + "--rounds 1 --warmup 0 --settle 0 --duration 5",
        "pushesReceived")]
    [InlineData(
        "reconnect --silos 1 --gateways 2 --connections 6 --each 2 --leaving-rate 20 --spread 2 --pairs 1 --rate 10 "
        + "--warmup 0 --duration 1",
        "completeSeconds")]
    [InlineData(
        "storm --standalone --users 4 --rate 20 --before 1 --duration 1 --after 1", "firstP99Ms")]
    [InlineData(
        "storm --standalone --users 4 --calibrate 3 --before 1 --duration 1 --after 1", "messagesPerSecond")]
    public async Task Every_message_arrives_once(string arguments, string figure)
    {
        var (code, report) = await RunAsync(arguments + " --json");

        Assert.Equal(0, code);
        Assert.Empty(report.GetProperty("problems").EnumerateArray());
        Assert.Contains(
            report.GetProperty("sections").EnumerateArray(),
            section => section.TryGetProperty(figure, out var value) && value.GetDouble() > 0);
    }

    /// <summary>A busy machine may not keep half of a maximum found in a second: said, and nothing lost.</summary>
    [Fact]
    public async Task The_maximum_is_found_and_half_of_it_is_measured()
    {
        var (_, report) = await RunAsync("direct --standalone --users 4 --find-max --warmup 0 --duration 1 --json");

        Assert.All(
            report.GetProperty("problems").EnumerateArray(),
            problem => Assert.EndsWith("since the servers did not keep up.", problem.GetString()));
        Assert.Contains(
            report.GetProperty("sections").EnumerateArray(),
            section => section.TryGetProperty("deliveredP99MsAtHalf", out var value) && value.GetDouble() > 0);
    }

    [Fact]
    public async Task What_runs_already_is_loaded_and_left_running()
    {
        await using var gateway = await StandaloneGateway.StartAsync(output);

        var (code, report) = await RunAsync(
            $"direct --gateways-at {gateway.Address} --pids {gateway.Process.Id} "
            + "--users 2 --warmup 0 --duration 1 --json");

        Assert.Equal(0, code);
        Assert.True(report.GetProperty("ok").GetBoolean());
        Assert.True(gateway.Process.IsRunning);
    }

    [Fact]
    public async Task A_storms_table_fits_into_120_columns_and_its_json_has_all_figures()
    {
        const string Storm = "storm --standalone --users 4 --rate 20 --before 1 --duration 1 --after 1";
        await using var load = await StartAsync(Storm);
        await load.ExitAsync("the end of the storm", Within);
        var lines = load.Output.Snapshot();
        Assert.Contains(lines, line => line.Contains("receipts", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));

        var (_, report) = await RunAsync(Storm + " --json");

        var second = report.GetProperty("timeline").EnumerateArray().First();
        Assert.All(
            (string[])["notOffered", "resent", "acceptedP50", "standaloneLevel", "standaloneMib", "highestLevel"],
            figure => Assert.True(second.TryGetProperty(figure, out _), figure));
    }

    [Theory]
    [InlineData("direct --gateways-at http://192.0.2.1:5000")]
    [InlineData("direct --users 3")]
    [InlineData("direct --receivers 3")]
    [InlineData("group --members 5 --online 6")]
    [InlineData("group --members 5 --pairs 2")]
    [InlineData("idle --standalone --silos 2")]
    [InlineData("presence --users 4 --watchers 4")]
    [InlineData("presence --churn 1.5")]
    [InlineData("reconnect --standalone")]
    [InlineData("reconnect --silos 2 --gateways 1")]
    [InlineData("storm --users 5")]
    [InlineData("storm --rate 50000 --times 11")]
    public async Task What_it_must_not_or_cannot_do_is_refused_at_once(string arguments)
    {
        await using var load = await StartAsync(arguments);

        Assert.Equal(2, await load.ExitAsync("the refusal", Within));
    }

    [Fact]
    public async Task Interrupted_it_ends_what_it_started()
    {
        await using var load = await StartAsync("idle --standalone --connections 2 --settle 0 --hold 60");
        await Eventually.HoldsAsync("its gateway", () => Children(load.Id).Length > 0);
        var children = Children(load.Id);

        load.Send(Signal.Terminate);

        Assert.Equal(130, await load.ExitAsync("the end after SIGTERM", Within));
        Assert.DoesNotContain(children, Signals.IsAlive);
    }

    [Fact]
    public async Task Killed_it_leaves_no_server_behind()
    {
        await using var load = await StartAsync("idle --standalone --connections 2 --settle 0 --hold 60");
        await Eventually.HoldsAsync("its gateway", () => Children(load.Id).Length > 0);
        var children = Children(load.Id);

        await load.KillAsync();

        await Eventually.HoldsAsync("the end of its servers", () => !children.Any(Signals.IsAlive));
    }

    private static int[] Children(int processId) =>
        [.. Directory.GetDirectories($"/proc/{processId}/task")
            .Select(thread => File.ReadAllText(Path.Combine(thread, "children")))
            .SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse)];

    private static Task<ChildProcess> StartAsync(string arguments) =>
        ChildProcess.StartAsync(new ChildCommand(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [new ChatProgram("Chat.Load").Assembly, .. arguments.Split(' ')]));

    private async Task<(int Code, JsonElement Report)> RunAsync(string arguments)
    {
        await using var load = await StartAsync(arguments);
        var code = await load.ExitAsync($"the end of {arguments}", Within);
        output.WriteLine(load.Output.Tail());
        var line = load.Output.Snapshot().LastOrDefault(text => text.StartsWith('{'));
        Assert.NotNull(line);
        return (code, JsonDocument.Parse(line).RootElement);
    }
}
