using Chat.Ids;
using Orleans.Services;

namespace Chat.Delivery;

/// <summary>
/// The one way into a gateway: takes a batch of pushes, puts each into its connections' queues and answers at once.
/// Each sender keeps one call in flight, so batches of one silo keep their order.
/// </summary>
[Alias("chat.delivery-endpoint")]
public interface IDeliveryEndpoint : IGrainService
{
    /// <param name="from">The silo whose conversations say so.</param>
    /// <returns>The users that have no connection here, so that the sender corrects its routes.</returns>
    [Alias("deliver")]
    Task<UserId[]> Deliver(SiloAddress from, Push[] pushes);
}

/// <summary>The one way into a silo's route table.</summary>
[Alias("chat.route-endpoint")]
public interface IRouteEndpoint : IGrainService
{
    [Alias("apply")]
    Task Apply(Route[] routes);
}
