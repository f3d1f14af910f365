using Orleans.Runtime.Services;

namespace Chat.Delivery;

/// <summary>Reaches the delivery endpoint of one gateway.</summary>
internal sealed class DeliveryEndpoints(IServiceProvider services) : GrainServiceClient<IDeliveryEndpoint>(services)
{
    public IDeliveryEndpoint Of(SiloAddress gateway) => GetGrainService(gateway);
}

/// <summary>Reaches the route table of one silo.</summary>
internal sealed class RouteEndpoints(IServiceProvider services) : GrainServiceClient<IRouteEndpoint>(services)
{
    public IRouteEndpoint Of(SiloAddress silo) => GetGrainService(silo);
}
