using System.Text.Json;

namespace Chat.Load.Reporting;

/// <summary>
/// A report for programs, one line:
/// <c>{command, topology, ok, problems: [], sections: [{name, figure: number|null, …}]}</c>.
/// </summary>
internal static class ReportJson
{
    public static string Line(Report report) => JsonSerializer.Serialize(new
    {
        command = report.Command,
        topology = report.Topology,
        ok = report.Problems.Count == 0,
        problems = report.Problems,
        sections = report.Sections.Select(Fields),
    });

    private static Dictionary<string, object?> Fields(Section section)
    {
        var fields = new Dictionary<string, object?> { ["name"] = section.Name };
        foreach (var figure in section.Figures)
            fields[figure.Key] = figure.Value is { } value ? Math.Round(value, 4) : null;
        return fields;
    }
}
