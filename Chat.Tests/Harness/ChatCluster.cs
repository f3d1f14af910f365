using System.Security.Cryptography;
using Xunit.Abstractions;

namespace Chat.Tests.Harness;

/// <summary>The shape of a cluster, and settings for all its members beside the harness's own.</summary>
internal sealed record ClusterSettings
{
    internal int Silos { get; init; } = 2;

    internal int Gateways { get; init; } = 2;

    /// <summary>By environment name; wins over the harness's own.</summary>
    internal Dictionary<string, string> Environment { get; init; } = [];
}

/// <summary>Silos and gateways as real processes, on a database of their own.</summary>
internal sealed class ChatCluster : IAsyncDisposable
{
    private readonly TemporaryPostgres _postgres;
    private readonly ClusterSettings _settings;
    private readonly ITestOutputHelper? _output;
    private readonly TemporaryDirectory _data = new("cluster");
    private readonly List<ChatProcess> _silos = [];
    private readonly List<ChatProcess> _gateways = [];
    private int _born;

    private ChatCluster(
        TemporaryPostgres postgres,
        ClusterSettings settings,
        string id,
        string connectionString,
        ITestOutputHelper? output)
    {
        _postgres = postgres;
        _settings = settings;
        _output = output;
        ClusterId = id;
        ConnectionString = connectionString;
    }

    internal IReadOnlyList<ChatProcess> Silos => _silos;

    internal IReadOnlyList<ChatProcess> Gateways => _gateways;

    internal string ClusterId { get; }

    internal string ConnectionString { get; }

    /// <summary>The key of all access tokens, base64.</summary>
    internal string SigningKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));

    /// <summary>Starts all members at once and waits until each is ready.</summary>
    internal static async Task<ChatCluster> StartAsync(
        TemporaryPostgres postgres, ClusterSettings? settings = null, ITestOutputHelper? output = null)
    {
        var id = "chat_" + Guid.NewGuid().ToString("N");
        var shape = settings ?? new ClusterSettings();
        var cluster = new ChatCluster(postgres, shape, id, await postgres.CreateDatabaseAsync(id), output);
        try
        {
            for (var n = 0; n < shape.Silos; n++) cluster._silos.Add(cluster.NewMember(ChatProgram.Silo));
            for (var n = 0; n < shape.Gateways; n++) cluster._gateways.Add(cluster.NewMember(ChatProgram.Gateway));
            await Task.WhenAll(cluster.Members.Select(member => member.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    internal Task<ChatProcess> AddSiloAsync() => AddAsync(ChatProgram.Silo, _silos);

    internal Task<ChatProcess> AddGatewayAsync() => AddAsync(ChatProgram.Gateway, _gateways);

    /// <summary>Takes a member out in an orderly way.</summary>
    internal async Task RemoveAsync(ChatProcess member)
    {
        await StopOrderlyAsync(member);
        if (!_silos.Remove(member)) _gateways.Remove(member);
        await member.DisposeAsync();
    }

    /// <summary>Stops and starts the members one after another, as an operator who brings in a new version.</summary>
    internal static async Task RollAsync(IEnumerable<ChatProcess> members)
    {
        foreach (var member in members)
        {
            await StopOrderlyAsync(member);
            await member.StartAsync();
        }
    }

    /// <summary>State and last lines of all members, for messages of failure.</summary>
    internal string Report() => string.Join('\n', Members.Select(member => member.Report()));

    public async ValueTask DisposeAsync()
    {
        _output?.WriteLine(Report());
        await Task.WhenAll(Members.Select(member => member.DisposeAsync().AsTask()));
        await _postgres.DropDatabaseAsync(ClusterId);
        _data.Dispose();
    }

    private IEnumerable<ChatProcess> Members => _silos.Concat(_gateways);

    private static async Task StopOrderlyAsync(ChatProcess member)
    {
        var code = await member.StopAsync();
        if (code != 0)
            throw new InvalidOperationException($"{member.Name} ended with {code} after SIGTERM.\n{member.Report()}");
    }

    private async Task<ChatProcess> AddAsync(ChatProgram program, List<ChatProcess> members)
    {
        var member = NewMember(program);
        members.Add(member);
        await member.StartAsync();
        return member;
    }

    private ChatProcess NewMember(ChatProgram program)
    {
        var environment = MemberSettings.OfCluster(ClusterId, ConnectionString, SigningKey, _data.Path);
        foreach (var (name, value) in _settings.Environment) environment[name] = value;
        return new ChatProcess(program, $"{program.Name} {++_born}", environment);
    }
}
