namespace Chat.Gateway.Draining;

/// <summary>Tunables of leaving, <c>Chat__Draining__Name</c>.</summary>
public sealed class DrainOptions
{
    public const string Section = "Chat:Draining";

    /// <summary>
    /// How long a load balancer has to notice that this gateway is not ready, before anybody is sent away.
    /// </summary>
    public TimeSpan NotReadyFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Over how long the connections are told to go, in slices.</summary>
    public TimeSpan TellOver { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The latest moment after being told at which a device reconnects; chance spreads them below it.
    /// </summary>
    public TimeSpan ReconnectWithin { get; set; } = TimeSpan.FromSeconds(2);
}
