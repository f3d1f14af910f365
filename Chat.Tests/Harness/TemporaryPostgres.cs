using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Chat.Tests.Harness;

/// <summary>A PostgreSQL server of the tests' own, on a loopback port, with PostgreSQL's default durability.</summary>
/// <remarks>
/// Invariants: what a client was told is committed survives <see cref="StopImmediateAsync"/> and
/// <see cref="KillAsync"/>; after <see cref="DisposeAsync"/> neither a process nor a file is left.
/// </remarks>
internal sealed class TemporaryPostgres : IAsyncDisposable
{
    private const string Superuser = "postgres";

    private readonly TemporaryDirectory _home = new("pg");
    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private ChildProcess? _postmaster;
    private bool _killed;

    private TemporaryPostgres()
    {
    }

    internal int Port { get; } = LoopbackPort.Next();

    internal int PostmasterId => Postmaster.Id;

    /// <summary>The server's log, from its last start on.</summary>
    internal RecentLines Output => Postmaster.Output;

    /// <summary>The maintenance database, as superuser.</summary>
    internal string ConnectionString => ConnectionStringOf(Superuser);

    private string DataDirectory => Path.Combine(_home.Path, "data");

    private ChildProcess Postmaster =>
        _postmaster ?? throw new InvalidOperationException("PostgreSQL was not started.");

    /// <summary>Makes a new server and starts it; the settings go into its <c>postgresql.conf</c>.</summary>
    internal static async Task<TemporaryPostgres> StartNewAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var server = new TemporaryPostgres();
        try
        {
            await server.InitializeAsync(settings ?? new Dictionary<string, string>());
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the stopped or killed server again on the same data and port.</summary>
    internal async Task StartAsync()
    {
        if (_postmaster is { IsRunning: true }) throw new InvalidOperationException("PostgreSQL runs already.");
        if (_postmaster is not null) await _postmaster.DisposeAsync();
        // Orphaned, it must take its own children along: SIGQUIT is its immediate shutdown.
        _postmaster = await ChildProcess.StartAsync(Command("postgres", "-D", DataDirectory) with
        {
            WhenOrphaned = Signal.Quit,
        });
        await Eventually.HoldsAsync(
            "PostgreSQL to accept connections",
            async () => !Postmaster.IsRunning || await AnswersAsync(),
            within: TimeSpan.FromMinutes(1));
        if (!Postmaster.IsRunning)
            throw new InvalidOperationException("PostgreSQL did not start:\n" + Output.Tail());
        _killed = false;
    }

    /// <summary>Stops without a checkpoint, as a crash would: the next start recovers from the log.</summary>
    internal async Task StopImmediateAsync()
    {
        await ChildProcess.RunAsync(Command("pg_ctl", "stop", "-D", DataDirectory, "-m", "immediate", "-w"));
        await Postmaster.ExitAsync("the end of the stopped postmaster");
    }

    /// <summary>Kills the postmaster and its children (SIGKILL) and waits until all are gone.</summary>
    internal async Task KillAsync()
    {
        var children = ChildrenOf(PostmasterId);
        _killed = true;
        Postmaster.Send(Signal.Kill);
        foreach (var child in children) Signals.Send(Signal.Kill, child);
        await Postmaster.ExitAsync("the end of the killed postmaster");
        await Eventually.HoldsAsync(
            "the end of the postmaster's children",
            () => !children.Any(Signals.IsAlive),
            () => string.Join(' ', children.Where(Signals.IsAlive)));
    }

    /// <summary>Makes an empty database and returns its connection string.</summary>
    internal async Task<string> CreateDatabaseAsync(string name)
    {
        await ExecuteAsync($"CREATE DATABASE \"{name}\"");
        return ConnectionStringOf(name);
    }

    /// <summary>Drops a database and whatever is connected to it.</summary>
    internal Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");

    public async ValueTask DisposeAsync()
    {
        using (_home)
        {
            if (_postmaster is null) return;
            // Only the server itself removes its shared memory: a killed one at its next start.
            if (_killed) await StartAsync();
            // A frozen one would not hear the stop.
            Postmaster.Send(Signal.Continue);
            if (Postmaster.IsRunning) await StopImmediateAsync();
            await Postmaster.DisposeAsync();
        }
    }

    internal static int[] ChildrenOf(int processId)
    {
        var listed = File.ReadAllText($"/proc/{processId}/task/{processId}/children");
        return [.. listed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    private async Task InitializeAsync(IReadOnlyDictionary<string, string> settings)
    {
        var passwordFile = Path.Combine(_home.Path, "password");
        await File.WriteAllTextAsync(passwordFile, _password);
        if (PostgresPrograms.User is { } user)
            await ChildProcess.RunAsync(new ChildCommand("chown", "-R", $"{user}:{user}", _home.Path));
        // --no-sync: only the empty cluster itself is not worth an fsync; the running server keeps its default.
        await ChildProcess.RunAsync(Command(
            "initdb", "-D", DataDirectory, "-U", Superuser, "--auth=scram-sha-256", $"--pwfile={passwordFile}",
            "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"));
        File.Delete(passwordFile);

        var lines = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = _home.Path,
            ["max_connections"] = "200",
        };
        foreach (var (name, value) in settings) lines[name] = value;
        await File.AppendAllLinesAsync(
            Path.Combine(DataDirectory, "postgresql.conf"), lines.Select(line => $"{line.Key} = '{line.Value}'"));
    }

    private static ChildCommand Command(string program, params string[] arguments) =>
        new(PostgresPrograms.PathOf(program), arguments) { User = PostgresPrograms.User };

    private async Task<bool> AnswersAsync()
    {
        await ExecuteAsync("SELECT 1");
        return true;
    }

    private async Task ExecuteAsync(string sql)
    {
        // Unpooled: a pooled connection would break with every kill and hold dropped databases open.
        var unpooled = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = Superuser,
        Password = _password,
        Database = database,
    }.ConnectionString;
}
