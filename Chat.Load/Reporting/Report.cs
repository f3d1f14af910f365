namespace Chat.Load.Reporting;

/// <summary>What a command found: columns of figures, and what was wrong.</summary>
/// <param name="claim">What is so where there are no problems.</param>
internal sealed class Report(string command, string topology, string claim)
{
    public string Claim { get; } = claim;

    public string Command { get; } = command;

    public string Topology { get; } = topology;

    public List<Section> Sections { get; } = [];

    /// <summary>Empty where a command has nothing to show by the second.</summary>
    public Timeline Timeline { get; } = new();

    /// <summary>Empty: the claim holds, and everything went as asked.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>A problem, unless there are none of those.</summary>
    public void Expect(string what, long count)
    {
        if (count != 0) Problems.Add($"{count} {what}.");
    }

    public Section Add(string name)
    {
        var section = new Section(name);
        Sections.Add(section);
        return section;
    }
}

/// <summary>One column: a phase or a step.</summary>
internal sealed class Section(string name)
{
    public string Name { get; } = name;

    public List<Figure> Figures { get; } = [];

    /// <param name="key">Its name in JSON.</param>
    /// <param name="label">Its name in the table, unit last.</param>
    /// <param name="value">Null: unknown.</param>
    public void Add(string key, string label, double? value) => Figures.Add(new Figure(key, label, value));
}

/// <param name="IsInTable">False: for programs alone, since a terminal has no room for it.</param>
internal readonly record struct Figure(string Key, string Label, double? Value, bool IsInTable = true);
