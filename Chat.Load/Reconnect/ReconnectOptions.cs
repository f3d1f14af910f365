using Chat.Load.Commands;
using Chat.Load.Topologies;

namespace Chat.Load.Reconnect;

/// <summary>Options of <c>reconnect</c>.</summary>
internal sealed record ReconnectOptions
{
    /// <summary>Each takes a file handle here and one at its gateway.</summary>
    private const int ConnectionsMax = 15_000;

    /// <summary>Users of the gateway that is killed.</summary>
    public required int Connections { get; init; }

    /// <summary>Messages that are left for each of them while he is away.</summary>
    public required int Each { get; init; }

    /// <summary>Left messages a second, over all.</summary>
    public required int LeavingRate { get; init; }

    /// <summary>Pairs that talk at the other gateways.</summary>
    public required int Pairs { get; init; }

    /// <summary>Texts a second over all pairs.</summary>
    public required int Rate { get; init; }

    /// <summary>Over how long the first attempts to come back spread; null: as <c>Chat.Client</c> does.</summary>
    public required TimeSpan? Spread { get; init; }

    /// <summary>Log-ins at once, before anything is measured.</summary>
    public required int Parallel { get; init; }

    public required TimeSpan Warmup { get; init; }

    /// <summary>For how long the pairs are measured before and after.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>From the kill until everybody has to hold everything.</summary>
    public required TimeSpan Within { get; init; }

    public static ReconnectOptions Read(Arguments arguments, TopologyOptions servers)
    {
        if (servers.Silos == 0 || servers.Gateways < 2)
            throw new UsageException("It kills a gateway: --silos N and --gateways of 2 or more, started for it.");
        var spread = arguments.Number("spread", 30, 0, 120);
        return new ReconnectOptions
        {
            Connections = arguments.Number("connections", 10_000, 1, ConnectionsMax),
            Each = arguments.Number("each", 1, 1, 100),
            LeavingRate = arguments.Number("leaving-rate", 500, 1, 10_000),
            Pairs = arguments.Number("pairs", 50, 1, 1_000),
            Rate = arguments.Number("rate", 50, 1, 10_000),
            Spread = spread > 0 ? TimeSpan.FromSeconds(spread) : null,
            Parallel = arguments.Number("parallel", 64, 1, 1_000),
            Warmup = arguments.Seconds("warmup", 10, 0, 120),
            Duration = arguments.Seconds("duration", 15, 1, 300),
            Within = arguments.Seconds("within", 120, 1, 600),
        };
    }
}
