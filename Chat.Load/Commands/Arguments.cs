using System.Globalization;

namespace Chat.Load.Commands;

/// <summary>
/// What stands behind the command: <c>--name value</c> or <c>--name=value</c>, and switches without a value. Each
/// number has a range; what nobody asked for is refused.
/// </summary>
internal sealed class Arguments
{
    private static readonly HashSet<string> Switches = ["standalone", "json", "find-max", "receipts", "help"];

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> words)
    {
        for (var at = 0; at < words.Count; at++)
        {
            if (!words[at].StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"\"{words[at]}\" is no option.");
            var (name, value) = Split(words[at][2..]);
            if (value is null && Switches.Contains(name)) value = "";
            if (value is null && ++at < words.Count) value = words[at];
            if (!_given.TryAdd(name, value ?? throw new UsageException($"--{name} lacks its value.")))
                throw new UsageException($"--{name} is given twice.");
        }
    }

    public bool Has(string name)
    {
        _known.Add(name);
        return _given.ContainsKey(name);
    }

    public string? Text(string name)
    {
        _known.Add(name);
        return _given.GetValueOrDefault(name);
    }

    public IReadOnlyList<string> Texts(string name) =>
        Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public int Number(string name, int otherwise, int min, int max) =>
        Text(name) is { } text ? Parse(name, text, min, max) : otherwise;

    public IReadOnlyList<int> Numbers(string name, IReadOnlyList<int> otherwise, int min, int max) =>
        Has(name) ? [.. Texts(name).Select(text => Parse(name, text, min, max))] : otherwise;

    /// <summary>From 0 to 1.</summary>
    public double Share(string name, double otherwise) =>
        Text(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            && share is >= 0 and <= 1 ? share
        : throw new UsageException($"--{name} takes shares from 0 to 1.");

    public TimeSpan Seconds(string name, int otherwise, int min, int max) =>
        TimeSpan.FromSeconds(Number(name, otherwise, min, max));

    /// <summary>Call it once everything was asked for.</summary>
    public void RefuseUnknown()
    {
        var unknown = _given.Keys.Where(name => !_known.Contains(name)).Select(name => "--" + name).ToArray();
        if (unknown.Length > 0) throw new UsageException($"Unknown here: {string.Join(", ", unknown)}.");
    }

    private static (string Name, string? Value) Split(string option) =>
        option.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0
            ? (option[..equals], option[(equals + 1)..])
            : (option, null);

    private static int Parse(string name, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
            ? number
            : throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"--{name} takes whole numbers from {min} to {max}."));
}

/// <summary>The command line says nothing that can be run.</summary>
internal sealed class UsageException(string message) : Exception(message);
