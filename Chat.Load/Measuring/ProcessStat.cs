using System.Globalization;

namespace Chat.Load.Measuring;

/// <summary>The fields of <c>/proc/[pid]/stat</c> that are needed here.</summary>
internal readonly record struct ProcessStat(int Id, int ParentId, double CpuSeconds)
{
    // Linux shows times to programs in hundredths, whatever its own tick is.
    public const double TicksPerSecond = 100;

    /// <summary>Null: there is no such process any more.</summary>
    public static ProcessStat? TryRead(int id)
    {
        try
        {
            // "pid (name) state ppid …": the name may hold anything, so count behind the last parenthesis.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            // utime, stime, and those of children waited for.
            var ticks = fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
            return new(id, int.Parse(fields[1], CultureInfo.InvariantCulture), ticks / TicksPerSecond);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended while the list was read.
            return null;
        }
    }
}
