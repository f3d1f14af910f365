using System.Diagnostics;
using System.Globalization;

namespace Chat.Load.Measuring;

/// <summary>Time and CPU from <see cref="Start"/> to <see cref="Stop"/>.</summary>
internal sealed class Meter
{
    private readonly ServerProcesses _servers;
    private readonly ByProgram _serverSeconds;
    private readonly double _ownSeconds;
    private readonly double _machineSeconds;
    private readonly long _begun;

    private Meter(ServerProcesses servers)
    {
        _servers = servers;
        _serverSeconds = servers.ReadCpuSeconds();
        _ownSeconds = OwnSeconds();
        _machineSeconds = MachineSeconds();
        _begun = Stopwatch.GetTimestamp();
    }

    public static Meter Start(ServerProcesses servers) => new(servers);

    public Interval Stop()
    {
        // The servers come last: walking through all processes takes CPU itself.
        var (elapsed, machine, own) = (Stopwatch.GetElapsedTime(_begun), MachineSeconds(), OwnSeconds());
        var servers = _servers.IsKnown ? _servers.ReadCpuSeconds().Since(_serverSeconds) : null;
        return new Interval(elapsed, servers, own - _ownSeconds, machine - _machineSeconds);
    }

    private static double OwnSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Whatever kept any core busy: user, nice, system, interrupts.</summary>
    private static double MachineSeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 6, 7];
        return busy.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture)) / ProcessStat.TicksPerSecond;
    }
}

/// <summary>What was used meanwhile; CPU in seconds over all cores.</summary>
/// <param name="Servers">Null: their processes are unknown.</param>
internal sealed record Interval(TimeSpan Elapsed, ByProgram? Servers, double OwnCpu, double MachineCpu)
{
    public double Seconds => Elapsed.TotalSeconds;

    /// <summary>Of all cores, 0 to 1.</summary>
    public double ShareOf(double cpuSeconds) => cpuSeconds / (Seconds * Environment.ProcessorCount);
}
