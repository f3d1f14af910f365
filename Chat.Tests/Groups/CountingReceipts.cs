using Chat.Ids;
using Chat.Receipts;
using Chat.Tests.Delivery;
using Xunit;

namespace Chat.Tests.Groups;

/// <summary>What authors of a large group's entries are told: counts, in steps, and at last the exact ones.</summary>
public sealed class CountingReceipts
{
    private const int Members = 1_000;

    private static readonly UserId[] Users = ScriptedCluster.Users(Members + 1);
    private static readonly ConversationId Chat = new(new Guid(1, 2, 3, new byte[8]));

    private readonly ReceiptTally _tally = new();

    [Fact]
    public void A_thousand_marks_at_once_become_a_handful_of_pushes_with_the_exact_end()
    {
        _tally.Add(7, Users[0], Members);
        var told = new List<ReceiptCounts>();
        for (var i = 1; i <= Members; i++)
        {
            Read(Users[i], upTo: 7);
            if (i % 10 == 0) told.AddRange(_tally.TakeDue(Chat).Select(due => due.Counts));
        }

        told.AddRange(_tally.TakeDue(Chat).Select(due => due.Counts));

        Assert.InRange(told.Count, 1, 41);
        Assert.Equal(new ReceiptCounts(Chat, 7, Members, Members, Members), told[^1]);
        Assert.Equal(told.OrderBy(counts => counts.ReadCount), told);
        Assert.False(_tally.IsWaiting);
    }

    [Fact]
    public void Less_than_a_step_is_told_once_it_rests()
    {
        _tally.Add(7, Users[0], Members);
        Read(Users[1], upTo: 7);

        Assert.Empty(_tally.TakeDue(Chat));
        Assert.True(_tally.IsWaiting);

        var (author, counts) = Assert.Single(_tally.TakeDue(Chat));
        Assert.Equal(Users[0], author);
        Assert.Equal(new ReceiptCounts(Chat, 7, 1, 1, Members), counts);
        Assert.Empty(_tally.TakeDue(Chat));
    }

    [Fact]
    public void Neither_the_author_nor_who_came_later_counts()
    {
        _tally.Add(7, Users[0], Members);

        Read(Users[0], upTo: 7);
        _tally.Count(Users[1], joinedSeq: 8, new Watermarks(0, 0), new Watermarks(9, 9));

        Assert.False(_tally.IsWaiting);
    }

    private void Read(UserId user, long upTo) =>
        _tally.Count(user, joinedSeq: 1, new Watermarks(0, 0), new Watermarks(upTo, upTo));
}
