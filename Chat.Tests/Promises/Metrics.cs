using System.Globalization;
using Chat.Tests.Language;

namespace Chat.Tests.Promises;

/// <summary>Reads figures from a member's <c>/metrics</c>.</summary>
internal static class Metrics
{
    /// <summary>The sum over all labels of one metric; 0 where it was never counted.</summary>
    internal static async Task<double> ReadAsync(Uri member, string name)
    {
        var text = await Town.HttpAt(member).GetStringAsync("metrics");
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length
                && line[name.Length] is '{' or ' ' or '_')
            .Sum(ValueOf);
    }

    // name{labels} value timestamp?
    private static double ValueOf(string line)
    {
        var labelsEnd = line.IndexOf('}', StringComparison.Ordinal);
        var value = line[((labelsEnd < 0 ? line.IndexOf(' ', StringComparison.Ordinal) : labelsEnd) + 1)..].TrimStart();
        return double.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
