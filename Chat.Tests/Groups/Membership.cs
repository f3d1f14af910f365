using Chat.Client;

namespace Chat.Tests.Groups;

/// <summary>When somebody belonged to a group, as the system entries of its log tell.</summary>
/// <param name="Periods">From the entry that let him in to the one that let him out; null: he is in.</param>
/// <param name="IsFull">Members may read what lies before their time.</param>
internal sealed record Membership(IReadOnlyList<(long From, long? To)> Periods, bool IsFull)
{
    internal bool IsMember => Periods.Count > 0 && Periods[^1].To is null;

    internal static Membership Of(string userId, IEnumerable<Message> log, bool isFull)
    {
        var periods = new List<(long From, long? To)>();
        foreach (var (seq, content) in log.Select(entry => (entry.Seq, entry.Content)))
        {
            var isNamed = content.UserIds?.Contains(userId) == true;
            if (Lets(content, userId, isNamed)) periods.Add((seq, null));
            else if (content.Event == SystemEvents.MemberRemoved && isNamed
                || content.Event == SystemEvents.MemberLeft && content.ActorId == userId)
                periods[^1] = (periods[^1].From, seq);
        }

        return new Membership(periods, isFull);
    }

    /// <summary>The last entry that he may read.</summary>
    internal long End(IReadOnlyList<Message> log) => Periods[^1].To ?? log[^1].Seq;

    /// <summary>What is served to him now: his last time, or all up to its end.</summary>
    internal bool MayRead(long seq) => seq >= (IsFull ? 1 : Periods[^1].From) && seq <= (Periods[^1].To ?? seq);

    internal bool WasThere(long seq) => Periods.Any(period => seq >= period.From && seq <= (period.To ?? seq));

    /// <summary>What he may have been given at some time.</summary>
    internal bool MayHaveHeard(long seq) => WasThere(seq) || (Periods.Count > 0 && MayRead(seq));

    public override string ToString() =>
        string.Join(", ", Periods.Select(period => $"{period.From} to {period.To?.ToString() ?? "now"}"));

    private static bool Lets(Content content, string userId, bool isNamed) => content.Event switch
    {
        SystemEvents.Created => isNamed || content.ActorId == userId,
        SystemEvents.MembersAdded => isNamed,
        SystemEvents.MemberJoined => content.ActorId == userId,
        _ => false,
    };
}
