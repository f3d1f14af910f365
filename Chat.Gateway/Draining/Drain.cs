using Chat.Gateway.Delivery;
using Chat.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Draining;

/// <summary>
/// Leaving in good order. SignalR closes its sockets as soon as the host begins to stop, so this runs before: not
/// ready, no new connections, then <c>Draining</c> to one slice of the connections after another, each with its own
/// delay; last, whoever has not gone by then is closed as SignalR closes a connection that may come back. What it
/// closes when the host stops is cut off before that is said.
/// </summary>
internal sealed partial class Drain(
    ConnectionRegistry connections, HubRequests requests, Readiness readiness, IOptions<DrainOptions> options,
    TimeProvider time, ILogger<Drain> logger)
{
    private const int Slices = 10;

    /// <summary>Somewhat longer than SignalR waits for a client's half of a WebSocket's close.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(6);

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
        var closing = new List<Task>(Slices);
        foreach (var slice in leaving.Chunk(Math.Max(1, (leaving.Length + Slices - 1) / Slices)))
        {
            foreach (var connection in slice) connection.Push(Tell());
            closing.Add(CloseLateAsync(slice, cancel));
            if (leaving.Length > Slices) await Task.Delay(options.Value.TellOver / Slices, time, cancel);
        }

        await Task.WhenAll(closing);
        // Whose handshake was under way when the others were told.
        foreach (var late in connections.All.Except(leaving)) late.BeginToClose();
        await AllEndedAsync(cancel);
    }

    /// <summary>A device that has gone is not touched any more by its close.</summary>
    private async Task CloseLateAsync(ClientConnection[] told, CancellationToken cancel)
    {
        await Task.Delay(options.Value.ReconnectWithin, time, cancel);
        foreach (var connection in told) connection.BeginToClose();
    }

    private async Task AllEndedAsync(CancellationToken cancel)
    {
        try
        {
            await requests.AllEndedAsync().WaitAsync(CloseWithin, time, cancel);
        }
        catch (TimeoutException)
        {
            // A socket that takes nothing more, or a grain that does not answer: they are cut off with the host.
            LogCutOff();
        }
    }

    private SerializedHubMessage Tell()
    {
        var withinMs = (int)options.Value.ReconnectWithin.TotalMilliseconds;
        return new(new InvocationMessage(ServerCallbacks.Draining, [new Wire.Draining(Random.Shared.Next(withinMs))]));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining {Connections} connections")]
    private partial void LogDraining(int connections);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connections that have not ended are cut off")]
    private partial void LogCutOff();
}
