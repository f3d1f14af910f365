using Microsoft.Extensions.Logging;

namespace Chat.Delivery;

/// <summary>Takes what users' grains tell this silo.</summary>
[Reentrant]
internal sealed class RouteEndpoint(GrainId id, Silo silo, ILoggerFactory loggers, RouteTable table)
    : GrainService(id, silo, loggers), IRouteEndpoint
{
    public Task Apply(Route[] routes)
    {
        foreach (var route in routes) table.Apply(route);
        return Task.CompletedTask;
    }
}
