using System.Globalization;

namespace Chat.Load.Measuring;

/// <summary>CPU and memory of the servers' process trees, from <c>/proc</c>, by program.</summary>
/// <param name="roots">Their children count too: PostgreSQL has one process a connection.</param>
internal sealed class ServerProcesses(IReadOnlyList<int> roots)
{
    private readonly Dictionary<int, string> _programs = roots.Distinct().ToDictionary(id => id, ProgramOf);

    /// <summary>Whether there is anything to read.</summary>
    public bool IsKnown => _programs.Count > 0;

    /// <summary>CPU time since each process began, children that have ended included.</summary>
    public ByProgram ReadCpuSeconds()
    {
        var seconds = new ByProgram();
        foreach (var (process, program) in Tree()) seconds.Add(program, process.CpuSeconds);
        return seconds;
    }

    /// <summary>Proportional set size: shared pages count once over all processes that share them.</summary>
    public ByProgram ReadMemoryKib()
    {
        var kib = new ByProgram();
        foreach (var (process, program) in Tree()) kib.Add(program, PssKib(process.Id));
        return kib;
    }

    private List<(ProcessStat Process, string Program)> Tree()
    {
        if (!IsKnown) return [];
        var all = new Dictionary<int, ProcessStat>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id)
                && ProcessStat.TryRead(id) is { } stat)
                all.Add(id, stat);
        }

        var tree = new List<(ProcessStat, string)>();
        foreach (var stat in all.Values)
        {
            if (RootOf(stat, all) is { } program) tree.Add((stat, program));
        }

        return tree;
    }

    private string? RootOf(ProcessStat stat, Dictionary<int, ProcessStat> all)
    {
        for (ProcessStat? at = stat; at is { } process;)
        {
            if (_programs.TryGetValue(process.Id, out var program)) return program;
            at = all.TryGetValue(process.ParentId, out var parent) ? parent : null;
        }

        return null;
    }

    private static string ProgramOf(int id)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{id}/cmdline");
            if (command.Contains("Chat.Gateway", StringComparison.Ordinal)) return "gateway";
            if (command.Contains("Chat.Silo", StringComparison.Ordinal)) return "silo";
            return command.Contains("postgres", StringComparison.Ordinal) ? "database" : "other";
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"There is no process {id} to measure.", e);
        }
    }

    private static double PssKib(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/smaps_rollup")
                .FirstOrDefault(text => text.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[4..].Replace("kB", "", StringComparison.Ordinal),
                NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // A database's child that ended between the two looks: it holds nothing any more.
            return 0;
        }
    }
}
