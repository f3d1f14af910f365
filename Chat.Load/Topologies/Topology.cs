using System.Globalization;
using Chat.Tests.Harness;
using Npgsql;

namespace Chat.Load.Topologies;

/// <summary>The servers under load. What was started for it ends with it, by process id.</summary>
/// <remarks>
/// Children also die with this process however it ends: see <see cref="ChildProcess"/>. Invariant: after
/// <see cref="DisposeAsync"/> neither a process nor a file of it is left.
/// </remarks>
internal sealed class Topology : IAsyncDisposable
{
    /// <summary>Orleans' SiloStatus.Dead.</summary>
    private const int DeadStatus = 6;

    private readonly List<ChatProcess> _members = [];
    private readonly TemporaryDirectory? _data;
    private TemporaryPostgres? _postgres;
    private string? _database;

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

    /// <summary>Who was killed on purpose; null: nobody.</summary>
    public string? Killed { get; private set; }

    /// <summary>SIGKILL to the first gateway that was started, by its id.</summary>
    public async Task KillFirstGatewayAsync()
    {
        var gateway = _members.First(member => member.Address == Gateways[0]);
        Killed = gateway.Name;
        await gateway.KillAsync();
    }

    /// <summary>Which of the members that were started the cluster's membership table has as dead.</summary>
    public async Task<IReadOnlyList<string>> DeclaredDeadAsync(CancellationToken stop)
    {
        if (_database is null) return [];
        await using var data = NpgsqlDataSource.Create(_database);
        await using var command = data.CreateCommand("SELECT Port FROM OrleansMembershipTable WHERE Status = $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = DeadStatus });
        await using var reader = await command.ExecuteReaderAsync(stop);
        var dead = new List<string>();
        while (await reader.ReadAsync(stop))
        {
            var port = reader.GetInt32(0).ToString(CultureInfo.InvariantCulture);
            dead.Add(_members.FirstOrDefault(member => member.Environment["Chat__SiloPort"] == port)?.Name ?? port);
        }

        return dead;
    }

    /// <summary>What members that were started have ended by themselves, with what they said last.</summary>
    public IEnumerable<string> Deaths() =>
        _members.Where(member => !member.IsRunning && member.Name != Killed).Select(member => member.Report());

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
        var database = _database = await _postgres.CreateDatabaseAsync("chat");
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
