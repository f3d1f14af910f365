using Chat.Load.Reporting;

namespace Chat.Load.Measuring;

/// <summary>How the use of CPU and memory is written into a report.</summary>
internal static class ServerFigures
{
    /// <summary>CPU of the servers for each of <paramref name="units"/>, in all and by program.</summary>
    public static void AddCpu(this Section section, Interval interval, double units, string unit)
    {
        double Each(double seconds) => units > 0 ? seconds * 1000 / units : 0;
        var name = Capital(unit);
        section.Add(
            $"cpuMsPer{name}", $"server CPU / {unit}, ms", interval.Servers is { } all ? Each(all.Total) : null);
        foreach (var (program, seconds) in interval.Servers?.Parts ?? [])
            section.Add($"{program}CpuMsPer{name}", $"  {program}", Each(seconds));
        section.Add($"generatorCpuMsPer{name}", $"load generator CPU / {unit}, ms", Each(interval.OwnCpu));
        section.Add(
            "serverCpuShare",
            "server CPU, share of the machine",
            interval.Servers is { } servers ? interval.ShareOf(servers.Total) : null);
        section.Add("generatorCpuShare", "load generator CPU, share of the machine", interval.ShareOf(interval.OwnCpu));
        section.Add(
            "machineCpuShare", "all CPU, others' too, share of the machine", interval.ShareOf(interval.MachineCpu));
    }

    /// <summary>Memory that the servers gained for each connection, in all and by program.</summary>
    public static void AddMemory(this Section section, ServerProcesses servers, ByProgram before, int connections)
    {
        if (!servers.IsKnown)
        {
            section.Add("kibPerConnection", "memory / connection, KiB (PSS)", null);
            return;
        }

        var now = servers.ReadMemoryKib();
        var gained = now.Since(before);
        section.Add("kibPerConnection", "memory / connection, KiB (PSS)", gained.Total / connections);
        foreach (var (program, kib) in gained.Parts)
            section.Add($"{program}KibPerConnection", $"  {program}", kib / connections);
        section.Add("memoryMib", "memory of all, MiB (PSS)", now.Total / 1024);
    }

    /// <summary>The three percentiles of one latency.</summary>
    public static void AddLatency(this Section section, string key, string label, LatencyHistogram latencies) =>
        section.AddLatency(key, label, percent => latencies.Percentile(percent / 100.0)?.TotalMilliseconds);

    /// <param name="milliseconds">Of a percentile, in percent; null: unknown.</param>
    public static void AddLatency(this Section section, string key, string label, Func<int, double?> milliseconds)
    {
        foreach (var percent in (int[])[50, 95, 99])
            section.Add(LatencyKey(key, percent), $"{label} p{percent}, ms", milliseconds(percent));
    }

    public static string LatencyKey(string key, int percent) => $"{key}P{percent}Ms";

    private static string Capital(string word) =>
        char.ToUpperInvariant(word[0]) + word[1..].Replace("-", "", StringComparison.Ordinal);
}
