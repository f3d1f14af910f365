namespace Chat.Delivery;

/// <summary>Tunables of the lanes between silos and of the route table, <c>Chat__Delivery__Name</c>.</summary>
public sealed class DeliveryOptions
{
    public const string Section = "Chat:Delivery";

    /// <summary>Pushes that wait for one gateway; past that they are dropped and their users told to resume.</summary>
    public int QueuedPushesMax { get; set; } = 16_384;

    /// <summary>Pushes of one call: a call with 50 costs little more than a call with one.</summary>
    public int BatchPushesMax { get; set; } = 512;

    /// <summary>
    /// Calls of one lane begin at least so far apart, so that under load each carries more: a call costs the CPU of
    /// some ten pushes. After a rest the first goes at once.
    /// </summary>
    public TimeSpan CallsApart { get; set; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Users whose routes one silo knows; past that the longest unused are let go.</summary>
    public int RoutesMax { get; set; } = 200_000;

    /// <summary>
    /// How long an attach waits for the silos that push to the user. Past that the attach is answered, and the user
    /// told to resume once they know.
    /// </summary>
    public TimeSpan RouteNoticeWait { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a gateway's word about a connection holds: longer than two of its renewals.</summary>
    public TimeSpan SessionLease { get; set; } = TimeSpan.FromSeconds(75);
}
