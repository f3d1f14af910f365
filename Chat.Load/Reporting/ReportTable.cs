using System.Globalization;
using Spectre.Console;

namespace Chat.Load.Reporting;

/// <summary>A report for people.</summary>
internal static class ReportTable
{
    /// <summary>Broken cells can't be read; a terminal that breaks lines is the lesser evil.</summary>
    private const int WidthMin = 140;

    private const int TimelineRows = 30;

    public static void Write(Report report, IAnsiConsole console)
    {
        console.Profile.Width = Math.Max(console.Profile.Width, WidthMin);
        var table = new Table()
            .Title(Markup.Escape($"{report.Command}: {report.Topology}"))
            .AddColumn(new TableColumn("").NoWrap());
        foreach (var section in report.Sections)
            table.AddColumn(new TableColumn(Markup.Escape(section.Name)).RightAligned());
        // A figure that one column lacks is an empty cell there.
        var rows = report.Sections.SelectMany(section => section.Figures).Select(figure => (figure.Key, figure.Label));
        foreach (var (key, label) in rows.Distinct())
        {
            var cells = report.Sections.Select(section => section.Figures.FirstOrDefault(figure => figure.Key == key));
            table.AddRow([Markup.Escape(label), .. cells.Select(Text)]);
        }

        console.Write(table);
        if (report.Timeline.Moments.Count > 0) console.Write(Table(report.Timeline));
        foreach (var problem in report.Problems) console.MarkupLine($"[red]{Markup.Escape(problem)}[/]");
        if (report.Problems.Count == 0) console.MarkupLine($"[green]{Markup.Escape(report.Claim)}[/]");
    }

    /// <summary>Every so manyth second, and what there is room for; the rest is in the JSON.</summary>
    private static Table Table(Timeline timeline)
    {
        var apart = (timeline.Moments.Count / TimelineRows) + 1;
        var table = new Table()
            .AddColumn(new TableColumn("second").NoWrap()).AddColumn(new TableColumn("phase").NoWrap());
        var columns = timeline.Moments.SelectMany(moment => moment.Figures).Where(figure => figure.IsInTable)
            .Select(figure => (figure.Key, figure.Label)).Distinct().ToArray();
        foreach (var (_, label) in columns) table.AddColumn(new TableColumn(Markup.Escape(label)).RightAligned());
        foreach (var moment in timeline.Moments.Where(moment => moment.Second % apart == 0))
        {
            var cells = columns.Select(column =>
                Cell(moment.Figures.FirstOrDefault(figure => figure.Key == column.Key)));
            var second = moment.Second.ToString(CultureInfo.InvariantCulture);
            table.AddRow([second, Markup.Escape(moment.Phase), .. cells]);
        }

        return table;
    }

    private static string Cell(Figure figure) => figure.Value is null ? "" : Text(figure);

    private static string Text(Figure figure) => figure switch
    {
        { Key: null } => "",
        { Value: not { } } => "unknown",
        { Value: { } value } => Math.Abs(value) switch
        {
            >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
            _ => value.ToString("0.####", CultureInfo.InvariantCulture),
        },
    };
}
