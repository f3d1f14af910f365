using System.Text.Json;

namespace Chat.Load.Reporting;

/// <summary>
/// A report for programs, one line:
/// <c>{command, topology, ok, problems: [], sections: [{name, figure: number|null, …}], timeline: [{second, phase,
/// figure: number|null, …}]}</c>.
/// </summary>
internal static class ReportJson
{
    public static string Line(Report report) => JsonSerializer.Serialize(new
    {
        command = report.Command,
        topology = report.Topology,
        ok = report.Problems.Count == 0,
        problems = report.Problems,
        sections = report.Sections.Select(section => Fields(new() { ["name"] = section.Name }, section.Figures)),
        timeline = report.Timeline.Moments.Select(
            moment => Fields(new() { ["second"] = moment.Second, ["phase"] = moment.Phase }, moment.Figures)),
    });

    private static Dictionary<string, object?> Fields(Dictionary<string, object?> fields, IEnumerable<Figure> figures)
    {
        foreach (var figure in figures)
            fields[figure.Key] = figure.Value is { } value ? Math.Round(value, 4) : null;
        return fields;
    }
}
