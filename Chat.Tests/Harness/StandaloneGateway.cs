using Xunit.Abstractions;

namespace Chat.Tests.Harness;

/// <summary>One gateway without a database server, on a data directory of its own that outlives its kills.</summary>
internal sealed class StandaloneGateway : IAsyncDisposable
{
    private readonly TemporaryDirectory _data = new("standalone");
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly ITestOutputHelper? _output;
    private readonly List<ChatProcess> _rivals = [];

    private StandaloneGateway(IReadOnlyDictionary<string, string>? environment, ITestOutputHelper? output)
    {
        _environment = environment ?? new Dictionary<string, string>();
        _output = output;
        Process = NewProcess("standalone");
    }

    internal ChatProcess Process { get; }

    internal Uri Address => Process.Address;

    internal string DataDirectory => _data.Path;

    internal static async Task<StandaloneGateway> StartAsync(
        ITestOutputHelper? output = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var gateway = new StandaloneGateway(environment, output);
        try
        {
            await gateway.Process.StartAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>A second process on the same data directory, not yet launched.</summary>
    internal ChatProcess Rival()
    {
        var rival = NewProcess("rival");
        _rivals.Add(rival);
        return rival;
    }

    public async ValueTask DisposeAsync()
    {
        _output?.WriteLine(Process.Report());
        foreach (var process in _rivals.Append(Process)) await process.DisposeAsync();
        _data.Dispose();
    }

    private ChatProcess NewProcess(string name)
    {
        var environment = MemberSettings.OfStandalone(DataDirectory);
        foreach (var (setting, value) in _environment) environment[setting] = value;
        return new ChatProcess(ChatProgram.Gateway, name, environment);
    }
}
