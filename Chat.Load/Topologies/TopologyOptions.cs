using Chat.Load.Commands;

namespace Chat.Load.Topologies;

/// <summary>What is to be loaded: something started for it, or what runs already.</summary>
internal sealed record TopologyOptions
{
    private const int MembersMax = 8;

    public int Silos { get; private init; }

    public int Gateways { get; private init; }

    /// <summary>Gateways that run already; empty: start some.</summary>
    public IReadOnlyList<Uri> Addresses { get; private init; } = [];

    public IReadOnlyList<int> ProcessIds { get; private init; } = [];

    public string? Programs { get; private init; }

    public IReadOnlyDictionary<string, string> Environment { get; private init; } = new Dictionary<string, string>();

    /// <summary>With settings that a command needs; what was given on the command line wins.</summary>
    public TopologyOptions With(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var all = new Dictionary<string, string>(settings, StringComparer.Ordinal);
        foreach (var (name, value) in Environment) all[name] = value;
        return this with { Environment = all };
    }

    public bool IsStandalone => Addresses.Count == 0 && Silos == 0;

    public static TopologyOptions Read(Arguments arguments)
    {
        var kinds = new[] { arguments.Has("standalone"), arguments.Has("silos") || arguments.Has("gateways"),
            arguments.Has("gateways-at") };
        if (kinds.Count(given => given) > 1)
            throw new UsageException("One of --standalone, --silos with --gateways, and --gateways-at.");
        var options = new TopologyOptions
        {
            Silos = kinds[1] ? arguments.Number("silos", 2, 1, MembersMax) : 0,
            Gateways = kinds[1] ? arguments.Number("gateways", 2, 1, MembersMax) : 0,
            Addresses = [.. arguments.Texts("gateways-at").Select(Loopback)],
            ProcessIds = arguments.Numbers("pids", [], 2, int.MaxValue),
            Programs = arguments.Text("programs"),
            Environment = arguments.Texts("server-env").Select(Setting).ToDictionary(StringComparer.Ordinal),
        };
        if (kinds[2] && options.Addresses.Count == 0) throw new UsageException("--gateways-at lacks its addresses.");
        if (!kinds[2] && options.ProcessIds.Count > 0)
            throw new UsageException("--pids belongs to --gateways-at; what is started is known.");
        return options;
    }

    /// <summary>Load on somebody else's machine is an attack; there is no way around this.</summary>
    private static Uri Loopback(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.IsLoopback
            ? new Uri(uri.GetLeftPart(UriPartial.Authority))
            : throw new UsageException($"{address} is no http address of this machine's loopback.");

    private static KeyValuePair<string, string> Setting(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is var equals and > 0
            ? new(text[..equals], text[(equals + 1)..])
            : throw new UsageException($"{text} is not NAME=VALUE.");
}
