using Chat.Load.Commands;

namespace Chat.Load.Presence;

/// <summary>Options of <c>presence</c>.</summary>
/// <param name="Users">All connected, but for those who are away at the moment.</param>
/// <param name="Watchers">How many watch each user, and so how many each one watches.</param>
/// <param name="Churn">Share of the users who disconnect, and come back after a while, in a minute.</param>
/// <param name="Active">
/// Share of the users who keep touching their app. The others touch it when they come back, and no more.
/// </param>
/// <param name="Rounds">How often the phases take turns.</param>
/// <param name="Warmup">Of everything at once, before the first phase.</param>
/// <param name="Settle">From the begin of a phase to its first look at CPU.</param>
/// <param name="Duration">For how long CPU is measured in each phase.</param>
/// <param name="Parallel">Log-ins at once, before anything is measured.</param>
internal sealed record PresenceOptions(
    int Users,
    int Watchers,
    double Churn,
    double Active,
    int Rounds,
    TimeSpan Warmup,
    TimeSpan Settle,
    TimeSpan Duration,
    int Parallel)
{
    /// <summary>Each takes a file handle here and one at its gateway.</summary>
    private const int UsersMax = 15_000;

    private const int WatchersMax = 250;

    public static PresenceOptions Read(Arguments arguments)
    {
        var users = arguments.Number("users", 1_000, 2, UsersMax);
        if (users % 2 != 0) throw new UsageException("--users write one another in pairs: an even number.");
        var most = Math.Min(WatchersMax, users - 1);
        return new PresenceOptions(
            users,
            arguments.Number("watchers", Math.Min(20, most), 1, most),
            arguments.Share("churn", 0.05),
            arguments.Share("active", 0.2),
            arguments.Number("rounds", 2, 1, 10),
            arguments.Seconds("warmup", 40, 0, 300),
            arguments.Seconds("settle", 15, 0, 300),
            arguments.Seconds("duration", 40, 1, 600),
            arguments.Number("parallel", 64, 1, 1_000));
    }
}
