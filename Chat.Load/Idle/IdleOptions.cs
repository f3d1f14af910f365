using Chat.Load.Commands;

namespace Chat.Load.Idle;

/// <summary>Options of <c>idle</c>.</summary>
/// <param name="Connections">How many there are at each step, rising.</param>
/// <param name="Settle">From the last log-in of a step to its first look at memory.</param>
/// <param name="Hold">For how long idle CPU is measured.</param>
/// <param name="Parallel">Log-ins at once.</param>
internal sealed record IdleOptions(IReadOnlyList<int> Connections, TimeSpan Settle, TimeSpan Hold, int Parallel)
{
    /// <summary>Each takes a file handle here and one at its gateway.</summary>
    private const int ConnectionsMax = 15_000;

    public static IdleOptions Read(Arguments arguments)
    {
        var steps = arguments.Numbers("connections", [5_000, 10_000], 1, ConnectionsMax);
        if (steps.Count == 0 || steps.Zip(steps.Skip(1)).Any(pair => pair.First >= pair.Second))
            throw new UsageException("--connections takes rising numbers.");
        return new IdleOptions(
            steps,
            arguments.Seconds("settle", 5, 0, 120),
            arguments.Seconds("hold", 30, 1, 600),
            arguments.Number("parallel", 64, 1, 1_000));
    }
}
