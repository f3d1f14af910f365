using Chat.Gateway.Delivery;
using Chat.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Draining;

/// <summary>
/// Leaving in good order. SignalR closes its sockets as soon as the host begins to stop, so this runs before: not
/// ready, no new connections, then <c>Draining</c> to one slice of the connections after another, each with its own
/// delay.
/// </summary>
internal sealed partial class Drain(
    ConnectionRegistry connections, Readiness readiness, IOptions<DrainOptions> options, TimeProvider time,
    ILogger<Drain> logger)
{
    private const int Slices = 10;

    public async Task RunAsync(CancellationToken cancel)
    {
        readiness.BeginDraining();
        var present = connections.All.Count();
        LogDraining(present);
        // Nobody to pause for; a device that is alone in its handshake comes back by itself.
        if (present == 0) return;
        await Task.Delay(options.Value.NotReadyFor, time, cancel);
        // Not before: whose handshake was under way has come meanwhile.
        var leaving = connections.All.ToArray();
        if (leaving.Length == 0) return;
        foreach (var slice in leaving.Chunk(Math.Max(1, (leaving.Length + Slices - 1) / Slices)))
        {
            foreach (var connection in slice) connection.Push(Tell());
            if (leaving.Length > Slices) await Task.Delay(options.Value.TellOver / Slices, time, cancel);
        }

        await Task.Delay(options.Value.ReconnectWithin, time, cancel);
    }

    private SerializedHubMessage Tell()
    {
        var withinMs = (int)options.Value.ReconnectWithin.TotalMilliseconds;
        return new(new InvocationMessage(ServerCallbacks.Draining, [new Wire.Draining(Random.Shared.Next(withinMs))]));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining {Connections} connections")]
    private partial void LogDraining(int connections);
}
