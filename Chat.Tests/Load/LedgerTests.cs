using Chat.Load.Direct;
using Xunit;

namespace Chat.Tests.Load;

public sealed class LedgerTests
{
    private readonly Recorder _recorder = new();
    private readonly Ledger _ledger;

    public LedgerTests() => _ledger = new Ledger(_recorder);

    [Fact]
    public void A_message_is_complete_once_ack_and_receipt_are_back_in_either_order()
    {
        Open(2);

        Assert.Equal(0, _ledger.Acked(0, 1));
        _ledger.Delivered(0, 1, isPush: true);
        _ledger.Delivered(1, 2, isPush: true);
        Assert.Equal(1, _ledger.Receipted(2));
        Assert.Equal(1, _ledger.Acked(1, 2));

        Assert.Equal(new LedgerTotals(2, 2, 2, 2, 0, 0), _ledger.Totals());
        Assert.Equal(2, _recorder.Completed);
    }

    [Fact]
    public void A_message_that_only_was_acknowledged_counts_as_not_delivered()
    {
        Open(1);
        _ledger.Acked(0, 1);

        Assert.Equal(new LedgerTotals(1, 1, 0, 0, 0, 0), _ledger.Totals());
    }

    [Fact]
    public void A_second_push_is_a_duplicate_but_reading_it_again_is_not()
    {
        Open(1);
        _ledger.Delivered(0, 1, isPush: true);
        _ledger.Delivered(0, 1, isPush: false);
        Assert.Equal(0, _ledger.Totals().Duplicates);

        _ledger.Delivered(0, 1, isPush: true);

        Assert.Equal(1, _ledger.Totals().Duplicates);
        Assert.Equal(1, _ledger.Totals().Delivered);
    }

    [Fact]
    public void A_seq_given_twice_a_message_with_two_and_a_receipt_for_nothing_are_conflicts()
    {
        Open(2);
        _ledger.Acked(0, 1);
        _ledger.Delivered(0, 2, isPush: true);
        _ledger.Acked(1, 1);
        _ledger.Receipted(5);

        Assert.Equal(1 + 1 + 4, _ledger.Totals().Conflicts);
    }

    [Fact]
    public void What_is_held_ends_before_the_first_gap()
    {
        Open(3);
        _ledger.Delivered(0, 1, isPush: true);
        _ledger.Delivered(2, 3, isPush: true);
        Assert.Equal(1, _ledger.HeldTo);

        _ledger.Delivered(1, 2, isPush: false);

        Assert.Equal(3, _ledger.HeldTo);
    }

    private void Open(int count)
    {
        for (var n = 0; n < count; n++) Assert.True(_ledger.TryOpen(0, out _));
    }
}
