namespace Chat.Gateway.Delivery;

/// <summary>Tunables of one client connection, <c>Chat__Connections__Name</c>.</summary>
public sealed class ConnectionOptions
{
    public const string Section = "Chat:Connections";

    /// <summary>
    /// Pushes that wait for a slow reader, beyond the transport's own buffer; past that all of them are dropped and one
    /// <c>ResyncRequired</c> says so.
    /// </summary>
    public int QueuedPushesMax { get; set; } = 256;

    /// <summary>
    /// Calls of one connection that run side by side. A client may pipeline more: they wait in its socket.
    /// </summary>
    public int ParallelCallsMax { get; set; } = 32;

    /// <summary>Bytes that a transport buffers each way before it stops reading or writing.</summary>
    public int TransportBufferBytes { get; set; } = 65_536;

    /// <summary>How often a gateway renews its connections' leases, at least and at most (spread by chance).</summary>
    public TimeSpan RenewAfterMin { get; set; } = TimeSpan.FromSeconds(25);
    public TimeSpan RenewAfterMax { get; set; } = TimeSpan.FromSeconds(35);

    /// <summary>
    /// Calls to one silo's intake begin at least so far apart, so that under load each carries more. After a rest the
    /// first goes at once, or a quarter of it later where the last call carried several.
    /// </summary>
    public TimeSpan CallsApart { get; set; } = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// How long a new connection is held while its user's grain can't be reached; past that it is closed, and its
    /// client reconnects.
    /// </summary>
    public TimeSpan AttachWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A client that sends nothing for so long, not even a ping of SignalR's, is let go.</summary>
    public TimeSpan ClientTimeout { get; set; } = TimeSpan.FromSeconds(75);

    /// <summary>Attach calls under way at once when many users have to be attached anew.</summary>
    public int ParallelAttachMax { get; set; } = 64;
}
