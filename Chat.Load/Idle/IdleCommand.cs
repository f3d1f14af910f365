using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Idle;

/// <summary>
/// <c>idle</c>: users who log in (connect and resume) and then only stay; what each costs in memory and CPU.
/// </summary>
internal static class IdleCommand
{
    public static async Task<Report> RunAsync(
        IdleOptions options, Topology topology, Stages stages, CancellationToken stop)
    {
        var report = new Report("idle", topology.Name, "Every connection stayed.");
        var servers = new ServerProcesses(topology.ProcessIds);
        var accounts = await Provisioning.MakeAsync(topology.Gateways, options.Connections[^1], stages, stop);
        var before = servers.ReadMemoryKib();
        var devices = new List<ChatConnection>();
        long lost = 0;
        try
        {
            foreach (var count in options.Connections)
            {
                ChatConnection[] added = [.. accounts.Skip(devices.Count).Take(count - devices.Count)
                    .Select(account => Devices.Whole(account, topology.Gateways))];
                devices.AddRange(added);
                foreach (var device in added)
                    device.StateChanged += change => lost += change.State == ConnectionState.Waiting ? 1 : 0;
                await StepAsync(report.Add($"{count}"), options, added, devices.Count);
            }
        }
        finally
        {
            await Devices.CloseAsync(devices);
        }

        if (lost > 0) report.Problems.Add($"{lost} connections were lost, or took more than one attempt.");
        report.Problems.AddRange(topology.Deaths());
        return report;

        async Task StepAsync(Section section, IdleOptions idle, ChatConnection[] added, int connections)
        {
            var logins = Meter.Start(servers);
            await Devices.ConnectAsync(added, idle.Parallel, stages, stop);
            var connecting = logins.Stop();
            section.Add("logInsPerSecond", "log-ins/s", added.Length / connecting.Seconds);
            section.AddCpu(connecting, added.Length, "log-in");
            await stages.WaitAsync("Settling", idle.Settle, stop);
            var idling = Meter.Start(servers);
            await stages.WaitAsync("Holding", idle.Hold, stop);
            var held = idling.Stop();
            section.Add(
                "idleCpuMsPerConnectionMinute",
                "idle server CPU / connection and minute, ms",
                held.Servers is { } used ? used.Total * 1000 * 60 / held.Seconds / connections : null);
            section.Add(
                "idleServerCpuShare",
                "idle server CPU, share of the machine",
                held.Servers is { } cpu ? held.ShareOf(cpu.Total) : null);
            section.AddMemory(servers, before, connections);
        }
    }
}
