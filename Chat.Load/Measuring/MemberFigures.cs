using System.Globalization;
using Chat.Load.Topologies;

namespace Chat.Load.Measuring;

/// <summary>What one server process shows of itself at a moment: resident memory, and its load level.</summary>
internal sealed class MemberFigures : IDisposable
{
    /// <summary>A gauge from 0 (idle) to 6 (refuses sends), one a process.</summary>
    private const string LevelMetric = "chat_load_level";

    private const double KibPerMib = 1024;

    /// <summary>A server that is too busy to say it in time has no level for that second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };

    /// <summary>MiB; null: the process is unknown or gone.</summary>
    public static double? Resident(ServerMember member) => Status(member, "VmRSS:");

    /// <summary>The most that it ever was, MiB.</summary>
    public static double? HighestResident(ServerMember member) => Status(member, "VmHWM:");

    /// <summary>Null: it has none, or did not say in time.</summary>
    public async Task<double?> LevelAsync(ServerMember member, CancellationToken stop)
    {
        if (member.Address is null) return null;
        try
        {
            var text = await _http.GetStringAsync(new Uri(member.Address, "/metrics"), stop);
            double[] levels = [.. text.Split('\n').Where(IsLevel).Select(ValueOf)];
            return levels.Length > 0 ? levels.Max() : null;
        }
        catch (Exception late) when (late is HttpRequestException || (late is OperationCanceledException
            && !stop.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsLevel(string line) =>
        line.StartsWith(LevelMetric, StringComparison.Ordinal)
        && line.Length > LevelMetric.Length
        && line[LevelMetric.Length] is '{' or ' ';

    // name{labels} value timestamp?
    private static double ValueOf(string line)
    {
        var value = line[(Math.Max(line.IndexOf('}', StringComparison.Ordinal), LevelMetric.Length - 1) + 1)..];
        return double.Parse(value.TrimStart().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static double? Status(ServerMember member, string field)
    {
        if (member.ProcessId is not { } id) return null;
        try
        {
            var line = File.ReadLines($"/proc/{id}/status")
                .FirstOrDefault(text => text.StartsWith(field, StringComparison.Ordinal));
            return line is null ? null : double.Parse(
                line[field.Length..].Replace("kB", "", StringComparison.Ordinal),
                NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture) / KibPerMib;
        }
        catch (IOException)
        {
            // It ended; the report says so elsewhere.
            return null;
        }
    }
}
