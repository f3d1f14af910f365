using Chat.Tests.Harness;

namespace Chat.Load.Topologies;

/// <summary>The servers under load. What was started for it ends with it, by process id.</summary>
/// <remarks>
/// Children also die with this process however it ends: see <see cref="ChildProcess"/>. Invariant: after
/// <see cref="DisposeAsync"/> neither a process nor a file of it is left.
/// </remarks>
internal sealed class Topology : IAsyncDisposable
{
    private readonly List<ChatProcess> _members = [];
    private readonly TemporaryDirectory? _data;
    private TemporaryPostgres? _postgres;

    private Topology(TopologyOptions options)
    {
        Options = options;
        if (options.Addresses.Count == 0) _data = new TemporaryDirectory("load");
    }

    public TopologyOptions Options { get; }

    public IReadOnlyList<Uri> Gateways { get; private set; } = [];

    /// <summary>Roots of the process trees whose CPU and memory count; empty: unknown.</summary>
    public IReadOnlyList<int> ProcessIds { get; private set; } = [];

    /// <summary>Each server process by itself; of what ran already, what is known.</summary>
    public IReadOnlyList<ServerMember> Members =>
        _members.Count > 0
            ? [.. _members.Select(member => new ServerMember(member.Name, member.Id, member.Address))]
            : [.. Gateways.Select((address, n) => new ServerMember($"gateway {n + 1}", null, address)),
                .. ProcessIds.Select(id => new ServerMember($"process {id}", id, null))];

    public string Name => Options switch
    {
        { IsStandalone: true } => "standalone on SQLite",
        { Silos: > 0 } => $"{Options.Silos} silos, {Options.Gateways} gateways on PostgreSQL",
        _ => string.Join(", ", Gateways),
    };

    public static async Task<Topology> StartAsync(TopologyOptions options, CancellationToken stop)
    {
        var topology = new Topology(options) { Gateways = options.Addresses, ProcessIds = options.ProcessIds };
        try
        {
            if (options.IsStandalone) topology.AddStandalone();
            else if (options.Silos > 0) await topology.AddClusterAsync();
            // Not to be interrupted: a process half-way into being could not be ended.
            await Task.WhenAll(topology._members.Select(member => member.LaunchAsync()));
            await Task.WhenAll(topology._members.Select(member => member.ReadyAsync())).WaitAsync(stop);
            topology.Learn();
            return topology;
        }
        catch
        {
            await topology.DisposeAsync();
            throw;
        }
    }

    /// <summary>What members that were started have ended by themselves, with what they said last.</summary>
    public IEnumerable<string> Deaths() =>
        _members.Where(member => !member.IsRunning).Select(member => member.Report());

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_members.Select(member => member.DisposeAsync().AsTask()));
        if (_postgres is not null) await _postgres.DisposeAsync();
        _data?.Dispose();
    }

    private void AddStandalone() =>
        Add(ChatProgram.Gateway, "standalone", MemberSettings.OfStandalone(_data!.Path));

    private async Task AddClusterAsync()
    {
        _postgres = await TemporaryPostgres.StartNewAsync(LoadSettings.Postgres);
        var database = await _postgres.CreateDatabaseAsync("chat");
        var key = LoadSettings.NewSigningKey();
        for (var n = 1; n <= Options.Silos; n++)
            Add(ChatProgram.Silo, $"silo {n}", MemberSettings.OfCluster("load", database, key, _data!.Path));
        for (var n = 1; n <= Options.Gateways; n++)
            Add(ChatProgram.Gateway, $"gateway {n}", MemberSettings.OfCluster("load", database, key, _data!.Path));
    }

    private void Add(ChatProgram program, string name, Dictionary<string, string> environment)
    {
        foreach (var (setting, value) in LoadSettings.Members.Concat(Options.Environment)) environment[setting] = value;
        _members.Add(new ChatProcess(program with { Directory = Options.Programs }, name, environment));
    }

    private void Learn()
    {
        if (_members.Count == 0) return;
        // A silo's address serves health and metrics only.
        Gateways = [.. _members.Where(member => !member.Name.StartsWith("silo", StringComparison.Ordinal))
            .Select(member => member.Address)];
        int[] database = _postgres is null ? [] : [_postgres.PostmasterId];
        ProcessIds = [.. _members.Select(member => member.Id), .. database];
    }
}
