namespace Chat.Conversations;

/// <summary>Tunables of the log lanes, <c>Chat__Log__Name</c>.</summary>
public sealed class LogOptions
{
    public const string Section = "Chat:Log";

    /// <summary>Entries that wait in one lane; past that a send is refused as <c>busy</c>.</summary>
    public int QueuedEntriesMax { get; set; } = 4_096;

    /// <summary>Entries of one commit. Past 256 the cost of a row falls no further.</summary>
    public int BatchEntriesMax { get; set; } = 256;

    /// <summary>
    /// Commits of one lane begin at least so far apart, so that under load each carries more: a commit costs the CPU of
    /// some twenty rows. After a rest the first goes at once.
    /// </summary>
    public TimeSpan CommitsApart { get; set; } = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// How long after a commit began a lane asks the store what became of it, before it answers <c>unavailable</c>.
    /// Below the response time-out of grain calls, so that the sender hears it.
    /// </summary>
    public TimeSpan ResolveFor { get; set; } = TimeSpan.FromSeconds(6);
}
