using Chat.Conversations;
using Chat.Ids;

namespace Chat.Storage.Postgres;

/// <summary>One user's question about his conversations, on its way through a round of queries.</summary>
internal abstract class ConversationsRead(UserId userId)
{
    public UserId UserId => userId;

    /// <summary>Whether it is about all that the user lists.</summary>
    public abstract bool WantsListed { get; }

    /// <summary>Conversations that it names itself.</summary>
    public virtual IEnumerable<ConversationId> Named => [];

    /// <summary>Which of the user's conversations it is about, once they are known.</summary>
    /// <param name="views">All that he lists or named and is a member of.</param>
    public abstract void Choose(List<ConversationView> views);

    /// <summary>The conversations to be counted through before it can be planned.</summary>
    public abstract IEnumerable<EntryCount> Counts();

    /// <summary>With what was counted: which conversations are shown, which entries are needed.</summary>
    public abstract void Plan();

    public List<ConversationView> Shown { get; protected set; } = [];
    public virtual IReadOnlyList<MissingEntries> Missing => [];

    public virtual ConversationsAnswer Answer(
        IReadOnlyList<Conversation> conversations,
        IReadOnlyList<Message> messages,
        IReadOnlyList<GoneInConversation>? gone) =>
        new(conversations, messages, gone, [], null);

    /// <summary>Unread ones of each shown conversation.</summary>
    protected Dictionary<ConversationId, EntryCount> Counted { get; } = [];

    public long Unread(ConversationView view) =>
        Counted.TryGetValue(view.Conversation.Id, out var count) ? count.Unread : 0;

    /// <summary>Counts what is unread, and what follows <paramref name="heldSeq"/>; null: nothing can be.</summary>
    protected EntryCount? Count(ConversationView view, long heldSeq)
    {
        var readSeq = view.Reader.Member.Watermarks.ReadSeq;
        var fromSeq = Math.Max(Math.Min(readSeq, heldSeq) + 1, view.Window.FromSeq);
        if (fromSeq > view.LastSeq)
            return null;
        return Counted[view.Conversation.Id] =
            new EntryCount(view.Conversation.Id, UserId, fromSeq, view.LastSeq, readSeq, heldSeq);
    }
}

/// <summary>One conversation.</summary>
internal sealed class GetRead(UserId userId, ConversationId id) : ConversationsRead(userId)
{
    public override bool WantsListed => false;
    public override IEnumerable<ConversationId> Named => [id];
    public override void Choose(List<ConversationView> views) => Shown = views;
    public override IEnumerable<EntryCount> Counts() =>
        Shown.Select(view => Count(view, view.LastSeq)).OfType<EntryCount>();

    public override void Plan()
    {
    }
}

/// <summary>One page of what the user lists.</summary>
internal sealed class ListRead(UserId userId, ListCursor? after, int limit) : ConversationsRead(userId)
{
    private string? _nextCursor;

    public override bool WantsListed => true;

    public override void Choose(List<ConversationView> views)
    {
        views.Sort(static (one, other) => NewestFirst.Instance.Compare(one.Place, other.Place));
        var rest = after is { } place ? views.FindAll(view => view.Place.IsAfter(place)) : views;
        Shown = rest.GetRange(0, Math.Min(limit, rest.Count));
        _nextCursor = Shown.Count < rest.Count ? Shown[^1].Place.ToString() : null;
    }

    public override IEnumerable<EntryCount> Counts() =>
        Shown.Select(view => Count(view, view.LastSeq)).OfType<EntryCount>();

    public override void Plan()
    {
    }

    public override ConversationsAnswer Answer(
        IReadOnlyList<Conversation> conversations,
        IReadOnlyList<Message> messages,
        IReadOnlyList<GoneInConversation>? gone) =>
        new(conversations, messages, gone, [], _nextCursor);
}

/// <summary>All that a device lacks.</summary>
internal sealed class ResumeRead(UserId userId, IReadOnlyList<HeldConversation> held) : ConversationsRead(userId)
{
    private readonly Dictionary<ConversationId, HeldConversation> _held = ResumePlan.ById(held);
    private List<ConversationView> _views = [];
    private ResumePlan _plan = new();

    public override bool WantsListed => true;
    public override IEnumerable<ConversationId> Named => _held.Keys;
    public override IReadOnlyList<MissingEntries> Missing => _plan.Missing;
    public override void Choose(List<ConversationView> views) => _views = views;

    public override IEnumerable<EntryCount> Counts()
    {
        foreach (var view in _views)
        {
            var held = _held.GetValueOrDefault(view.Conversation.Id);
            // What is neither shown nor sent needs no count.
            if (held?.Version == view.Version && held.Seq >= view.LastSeq)
                continue;
            var heldSeq = Math.Max(0, held?.Seq ?? 0);
            var isTooFarBehind = ResumePlan.IsTooFarBehind(view, heldSeq);
            if (Count(view, isTooFarBehind ? view.LastSeq : heldSeq) is { } count)
                yield return count;
        }
    }

    public override void Plan()
    {
        _plan = ResumePlan.Of(_views.Select(view =>
        {
            var count = Counted.GetValueOrDefault(view.Conversation.Id);
            var held = _held.GetValueOrDefault(view.Conversation.Id);
            return new ResumeCandidate(view, held, count?.Following ?? 0, count?.FollowingBytes ?? 0);
        }));
        Shown = _plan.Conversations;
    }

    public override ConversationsAnswer Answer(
        IReadOnlyList<Conversation> conversations,
        IReadOnlyList<Message> messages,
        IReadOnlyList<GoneInConversation>? gone) =>
        new(conversations, messages, gone, _plan.Truncated, null);
}

internal sealed record ConversationsAnswer(
    IReadOnlyList<Conversation> Conversations,
    IReadOnlyList<Message> Messages,
    IReadOnlyList<GoneInConversation>? Gone,
    IReadOnlyList<ConversationId> Truncated,
    string? NextCursor);
