using Chat.Groups;

namespace Chat.Storage;

/// <summary>
/// Which entries a member may read, both ends counted. The only place that says so, for every read of both stores.
/// </summary>
internal readonly record struct ReadingWindow(long FromSeq, long ToSeq)
{
    /// <summary>
    /// From the entry that let him in, or from the first where the history is open to all; up to the entry by which he
    /// left. What he may read once he has left was settled then: a later switch neither gives nor takes.
    /// </summary>
    /// <param name="historyVisibility">The conversation's; null: a direct one.</param>
    /// <param name="lastSeq">The end of the log.</param>
    public static ReadingWindow Of(MembershipRow member, string? historyVisibility, long lastSeq) => new(
        member.ReadableFrom ?? FirstReadable(historyVisibility, member.JoinedSeq),
        Math.Min(lastSeq, member.LeftSeq ?? long.MaxValue));

    public static long FirstReadable(string? historyVisibility, long joinedSeq) =>
        historyVisibility == GroupSettings.Full ? 1 : joinedSeq;
}
