using Chat.Client;
using CsCheck;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>What a device holds of one conversation: raised once, in order, whatever comes in whatever way.</summary>
public sealed class KeepingOneLogTests
{
    private readonly List<long> _raised = [];
    private readonly List<GoneRange> _gone = [];
    private readonly ConversationLog _log = new("c");

    [Fact]
    public void Entries_that_overtook_one_another_are_raised_in_order_and_once()
    {
        Gen.Int[1, 60].SelectMany(count => Gen.Shuffle(Numbers(count).Concat(Numbers(count)).ToArray()))
            .Sample(order =>
            {
                var log = new ConversationLog("c");
                var raised = new List<long>();
                foreach (var seq in order) log.Offer(Entry(seq), 1_000, entry => raised.Add(entry.Message.Seq));
                return raised.SequenceEqual(Numbers(order.Length / 2)) && !log.HasGap && log.AheadCount == 0;
            });
    }

    [Fact]
    public void A_gap_holds_back_what_is_after_it()
    {
        Offer(1);
        Offer(3);
        Offer(4);

        Assert.Equal([1], _raised);
        Assert.True(_log.HasGap);
        Assert.Equal((1, 4), (_log.Held, _log.Known));

        Offer(2);
        Assert.Equal([1, 2, 3, 4], _raised);
        Assert.False(_log.HasGap);
    }

    [Fact]
    public void Without_room_an_entry_is_not_held_back_but_known_to_exist()
    {
        Assert.False(_log.Offer(Entry(5), room: 0, Raise));
        Assert.Equal((0, 5), (_log.AheadCount, _log.Known));
        Assert.True(_log.HasGap);
    }

    [Fact]
    public void What_is_gone_is_named_and_passed_over()
    {
        Offer(7);
        var hole = Apply([Entry(3), Entry(6)], [new() { FromSeq = 1, ToSeq = 2 }, new() { FromSeq = 4, ToSeq = 5 }]);

        Assert.Null(hole);
        Assert.Equal([3, 6, 7], _raised);
        Assert.Equal([(1, 2), (4, 5)], _gone.Select(range => (range.FromSeq, range.ToSeq)));
        Assert.All(_gone, range => Assert.Equal("c", range.ConversationId));
    }

    [Fact]
    public void A_gone_range_takes_what_was_held_back_inside_it()
    {
        Offer(2);
        Offer(5);
        Apply([], [new() { FromSeq = 1, ToSeq = 4 }]);

        Assert.Equal([5], _raised);
        Assert.Equal(0, _log.AheadCount);
    }

    [Fact]
    public void A_hole_that_an_answer_does_not_explain_is_not_passed_over()
    {
        var hole = Apply([Entry(1), Entry(4), Entry(5)], []);

        Assert.Equal(4, hole);
        Assert.Equal([1], _raised);
        Assert.Equal(1, _log.Held);

        _log.Skip(3, Raise, _gone.Add);
        Assert.Null(Apply([Entry(1), Entry(4), Entry(5)], []));
        Assert.Equal([1, 4, 5], _raised);
        Assert.Equal((2, 3), (_gone.Single().FromSeq, _gone.Single().ToSeq));
    }

    [Fact]
    public void A_page_and_pushes_that_overlap_raise_each_entry_once()
    {
        Offer(2);
        Offer(4);
        Apply([Entry(1), Entry(2), Entry(3)], []);
        Offer(3);
        Offer(4);

        Assert.Equal([1, 2, 3, 4], _raised);
    }

    [Fact]
    public void What_the_server_does_not_have_is_forgotten_but_not_what_is_held_back()
    {
        Offer(3);
        _log.Learn(9);
        _log.ForgetUnheard();
        Assert.Equal(3, _log.Known);

        Offer(1);
        Offer(2);
        _log.Learn(9);
        _log.ForgetUnheard();
        Assert.False(_log.HasGap);
    }

    private void Offer(long seq) => _log.Offer(Entry(seq), 1_000, Raise);

    private long? Apply(LogEntry[] entries, GoneRange[] gone) => _log.Apply(entries, gone, Raise, _gone.Add);

    private void Raise(LogEntry entry) => _raised.Add(entry.Message.Seq);

    private static long[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(n => (long)n)];

    private static LogEntry Entry(long seq) =>
        new(new Message { ConversationId = "c", Seq = seq }, IsOwn: false, EntrySource.Push);
}
