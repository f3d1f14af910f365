using System.Diagnostics;
using Chat.Load.Accounts;
using Chat.Load.Direct;
using Chat.Load.Measuring;
using Chat.Load.Messages;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Reconnect;

/// <summary>
/// <c>reconnect</c>: a gateway is killed, and its users come back to the others while messages are left for them and
/// others talk.
/// </summary>
internal sealed class ReconnectCommand(
    ReconnectOptions options, Topology topology, Stages stages, CancellationToken stop)
{
    private const int TextBytes = 100;

    /// <summary>What is waited for the last second copies.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly Report _report =
        new("reconnect", topology.Name, "All came back and resumed, and each message arrived once.");

    private readonly MessageIds _ids = new(TimeProvider.System);
    private readonly string _text = SampleText.Of(TextBytes);

    public async Task<Report> RunAsync()
    {
        var others = topology.Gateways.Skip(1).ToArray();
        var accounts = await Provisioning.MakeAsync(others, options.Connections + 1, stages, stop);
        Returner[] returners = [.. accounts.Take(options.Connections).Select((account, n) => new Returner(
            n, account with { Number = 0 }, options.Each + 1, options.Spread, topology.Gateways, _ids, _text))];
        await using var writing = Devices.Raw(accounts[^1], others);
        await using var pairs = await PairsAsync(others);
        try
        {
            await Devices.ConnectAsync(
                [.. returners.Select(one => one.Device), writing], options.Parallel, stages, stop);
            var leaver = new Leaver(writing, returners, _ids, _text, stop);
            using (var stage = stages.Count("First messages", returners.Length))
                await leaver.BeginAsync(stage.Increment);
            Add("before", await pairs.PaceAsync(options.Rate, options.Warmup, options.Duration));
            await KillAsync(returners, leaver, pairs);
            Add("after", await pairs.PaceAsync(options.Rate, TimeSpan.Zero, options.Duration));
            await stages.WaitAsync("Waiting for second copies", Rest, stop);
            await CheckAsync(returners, leaver, pairs);
        }
        finally
        {
            await Devices.CloseAsync(returners.Select(one => one.Device));
        }

        return _report;
    }

    private Task<DirectLoad> PairsAsync(IReadOnlyList<Uri> gateways) => DirectLoad.ConnectAsync(
        new DirectOptions
        {
            Pairs = options.Pairs,
            Window = 1,
            Rate = options.Rate,
            FindsMax = false,
            TextBytes = TextBytes,
            Warmup = options.Warmup,
            Duration = options.Duration,
        },
        gateways,
        new ServerProcesses(topology.ProcessIds),
        stages,
        stop);

    private async Task KillAsync(Returner[] returners, Leaver leaver, DirectLoad pairs)
    {
        var killedAt = Stopwatch.GetTimestamp();
        foreach (var one in returners) one.Killed(killedAt);
        await topology.KillFirstGatewayAsync();
        var all = Task.WhenAll(returners.SelectMany(one => new[] { one.Resumed, one.Completed }));
        var leaving = leaver.LeaveAsync(options.Each, options.LeavingRate);
        // Talk for as long as the first attempts take, and a while for those that need another.
        var talking = pairs.PaceAsync(
            options.Rate, TimeSpan.Zero, (options.Spread ?? TimeSpan.Zero) + options.Duration);
        using (var stage = stages.Open("Coming back"))
            await Task.WhenAny(all, Task.Delay(options.Within, stop));
        var complete = Stopwatch.GetElapsedTime(killedAt);
        await leaving;
        Add("storm", await talking);
        var section = _report.Add("coming back");
        section.Add(
            "completeSeconds",
            "from the kill until all hold everything, s",
            all.IsCompletedSuccessfully ? complete.TotalSeconds : null);
        AddTimes(section, "back", "from the kill to connected", returners.Select(one => one.BackAfter));
        AddTimes(section, "resumed", "from the kill to resumed", returners.Select(one => one.ResumedAfter));
        section.Add("attempts", "attempts of each, mean", returners.Average(one => one.Attempts));
        section.Add("attemptsMost", "attempts of each, most", returners.Max(one => one.Attempts));
        foreach (var member in topology.Members.Where(member => member.Name != topology.Killed))
        {
            section.Add(
                $"{member.Key}HighestMib", $"{member.Name}, highest RSS, MiB", MemberFigures.HighestResident(member));
        }
    }

    private static void AddTimes(Section section, string key, string label, IEnumerable<TimeSpan?> times)
    {
        double[] seconds = [.. times.OfType<TimeSpan>().Select(time => time.TotalSeconds).Order()];
        foreach (var (name, share) in new[] { ("P50", 0.50), ("P99", 0.99), ("Last", 1.0) })
        {
            var at = (int)Math.Ceiling(share * seconds.Length) - 1;
            section.Add($"{key}{name}Seconds", $"{label}, {name}, s", at < 0 ? null : seconds[at]);
        }
    }

    private void Add(string name, Phase phase)
    {
        var section = _report.Add(name);
        section.Add("messagesPerSecond", "others' messages/s", phase.PerSecond);
        section.AddLatency("ack", "others' send -> ack", phase.Latencies.ToAck);
        section.AddLatency("delivered", "others' send -> delivered", phase.Latencies.ToDelivered);
        section.Add(
            "serverCpuShare",
            "server CPU, share of the machine",
            phase.Interval.Servers is { } cpu ? phase.Interval.ShareOf(cpu.Total) : null);
        section.Add(
            "machineCpuShare", "all CPU, share of the machine", phase.Interval.ShareOf(phase.Interval.MachineCpu));
    }

    private async Task CheckAsync(Returner[] returners, Leaver leaver, DirectLoad pairs)
    {
        var all = _report.Add("all phases");
        var due = (long)returners.Length * (options.Each + 1);
        all.Add("waiting", "messages sent to them", due);
        all.Add("got", "messages that they got", returners.Sum(one => (long)one.Got));
        foreach (var (code, count) in leaver.Tally.Read()) all.Add($"refused_{code}", $"  refused: {code}", count);
        _report.Expect("users did not come back and resume", returners.Count(one => !one.Resumed.IsCompleted));
        _report.Expect("messages did not arrive", due - returners.Sum(one => (long)one.Got));
        _report.Expect("messages arrived twice or altered", returners.Sum(one => one.Wrong));
        var dead = await topology.DeclaredDeadAsync(stop);
        all.Add("declaredDead", "servers declared dead, the killed one among them", dead.Count);
        foreach (var name in dead.Where(name => name != topology.Killed))
            _report.Problems.Add($"{name} was declared dead.");
        await ArrivalCheck.RunAsync(pairs, _report, _report.Add("others"), stages, stop);
        _report.Problems.AddRange(topology.Deaths());
    }
}
