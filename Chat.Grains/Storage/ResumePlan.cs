using Chat.Conversations;
using Chat.Ids;

namespace Chat.Storage;

/// <summary>What a device could be told of one conversation.</summary>
/// <param name="Held">What it has of it; null: it did not name it.</param>
/// <param name="MessageCount">Entries after what it holds that are still there.</param>
/// <param name="ContentBytes">Stored bytes of their contents.</param>
internal readonly record struct ResumeCandidate(
    ConversationView View, HeldConversation? Held, long MessageCount, long ContentBytes)
{
    public long HeldSeq => Math.Max(0, Held?.Seq ?? 0);
}

/// <summary>One conversation's missing entries, both ends counted.</summary>
internal readonly record struct MissingEntries(ConversationView View, long FromSeq, long ToSeq);

/// <summary>
/// What of a resume is answered in full and what the device has to page: newest activity first, as long as the
/// budget lasts; a conversation is answered whole or not at all.
/// </summary>
internal sealed class ResumePlan
{
    /// <summary>Stored content of one answer: what a phone on a bad line takes in one piece.</summary>
    public const long ContentBytesMax = 4 * 1024 * 1024;

    /// <summary>To be shown: not named, of another version, or truncated.</summary>
    public List<ConversationView> Conversations { get; } = [];

    public List<MissingEntries> Missing { get; } = [];
    public List<ConversationId> Truncated { get; } = [];

    public static ResumePlan Of(IEnumerable<ResumeCandidate> candidates)
    {
        var plan = new ResumePlan();
        long messages = 0, bytes = 0;
        foreach (var candidate in candidates.OrderBy(each => each.View.Place, NewestFirst.Instance))
        {
            var view = candidate.View;
            var fits = !IsTooFarBehind(view, candidate.HeldSeq)
                && messages + candidate.MessageCount <= ResumeAnswer.MessagesMax
                && bytes + candidate.ContentBytes <= ContentBytesMax;
            if (!fits)
            {
                plan.Truncated.Add(view.Conversation.Id);
            }
            else if (candidate.HeldSeq < view.LastSeq)
            {
                messages += candidate.MessageCount;
                bytes += candidate.ContentBytes;
                plan.Missing.Add(new MissingEntries(view, candidate.HeldSeq + 1, view.LastSeq));
            }
            if (!fits || candidate.Held?.Version != view.Version)
                plan.Conversations.Add(view);
        }
        return plan;
    }

    /// <summary>Of a conversation that is named twice the lower place holds: better twice than never.</summary>
    public static Dictionary<ConversationId, HeldConversation> ById(IReadOnlyList<HeldConversation> held)
    {
        var byId = new Dictionary<ConversationId, HeldConversation>(held.Count);
        foreach (var each in held)
        {
            if (!byId.TryGetValue(each.ConversationId, out var known) || each.Seq < known.Seq)
                byId[each.ConversationId] = each;
        }
        return byId;
    }

    /// <summary>Known before anything is counted, so that nobody counts a long log for nothing.</summary>
    public static bool IsTooFarBehind(ConversationView view, long heldSeq) =>
        view.LastSeq - Math.Max(heldSeq, view.Window.FromSeq - 1) > ResumeAnswer.MessagesMax;
}

/// <summary>The order of lists.</summary>
internal sealed class NewestFirst : IComparer<ListCursor>
{
    public static readonly NewestFirst Instance = new();

    public int Compare(ListCursor x, ListCursor y) => x == y ? 0 : x.IsAfter(y) ? 1 : -1;
}
