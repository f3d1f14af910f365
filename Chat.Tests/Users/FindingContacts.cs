using Chat.Ids;
using Chat.Storage;
using Chat.Tests.Harness;
using Chat.Users;
using Xunit;

namespace Chat.Tests.Users;

/// <summary>What was looked through for a user's contacts is not looked through again.</summary>
public sealed class FindingContacts
{
    private const long Long = ContactSearch.ShortMax + 1;

    private readonly List<ContactQuestion> _asked = [];
    private readonly Dictionary<UserId, ContactAnswer> _answers = [];
    private readonly ContactSearch _search;

    public FindingContacts()
    {
        var directs = new DirectIds();
        directs.TakeUp([]);
        _search = new ContactSearch(Played.By<IPresenceStore>((_, args) => Answer(args)), directs, Somebody());
    }

    [Fact]
    public async Task Of_whom_he_never_answered_only_what_came_since_is_looked_through()
    {
        var other = Somebody();
        Answers(other, sentSeq: null, lastSeq: 50_000);
        Assert.Empty(await _search.FindAsync([other]));
        Answers(other, sentSeq: null, lastSeq: 50_007);
        Assert.Empty(await _search.FindAsync([other]));
        Answers(other, sentSeq: 50_009, lastSeq: 50_010);

        Assert.Equal([other], await _search.FindAsync([other]));

        Assert.Equal([0, 50_000, 50_007], _asked.Select(question => question.AfterSeq));
    }

    [Theory, InlineData(3), InlineData(40_000)]
    public async Task Whom_he_answered_in_a_long_log_is_found_by_that_answer(long sentSeq)
    {
        var other = Somebody();
        Answers(other, sentSeq, lastSeq: 50_000);

        for (var asks = 0; asks < 2; asks++) Assert.Equal([other], await _search.FindAsync([other]));

        Assert.Equal([0, sentSeq - 1], _asked.Select(question => question.AfterSeq));
    }

    [Fact]
    public async Task Short_logs_are_not_remembered_and_of_long_ones_no_more_than_so_many()
    {
        var (first, brief) = (Somebody(), Somebody());
        var others = Enumerable.Range(1, ContactSearch.PlacesMax).Select(_ => Somebody()).ToArray();
        foreach (var other in others) Answers(other, sentSeq: null, Long);
        Answers(first, sentSeq: null, Long);
        Answers(brief, sentSeq: null, Long - 1);
        await _search.FindAsync([brief, .. others]);

        await _search.FindAsync([brief, others[0], first]);
        await _search.FindAsync([brief, others[0], first]);

        Assert.Equal([0, Long, 0, 0, 0, Long], _asked.TakeLast(6).Select(question => question.AfterSeq));
    }

    private static UserId Somebody() => new(Guid.NewGuid());

    private void Answers(UserId other, long? sentSeq, long lastSeq) =>
        _answers[other] = new ContactAnswer(other, sentSeq, lastSeq);

    private Task<IReadOnlyList<ContactAnswer>> Answer(object?[] args)
    {
        var questions = (IReadOnlyList<ContactQuestion>)args[1]!;
        _asked.AddRange(questions);
        return Task.FromResult<IReadOnlyList<ContactAnswer>>([.. questions.Select(one => _answers[one.Other])]);
    }
}
