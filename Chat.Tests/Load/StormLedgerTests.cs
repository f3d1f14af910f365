using Chat.Load.Storm;
using Xunit;

namespace Chat.Tests.Load;

/// <summary>What a storm takes note of, message by message.</summary>
public sealed class StormLedgerTests
{
    private readonly StormLedger _ledger = new();
    private readonly StormRecording _recording = new();

    [Fact]
    public void Two_acks_of_one_message_count_once_and_under_two_seqs_contradict()
    {
        Assert.True(_ledger.TryOpen(1, _recording, out var message));

        Assert.True(_ledger.Accept(message, 7));
        Assert.False(_ledger.Accept(message, 7));
        Assert.Equal(0, _ledger.Conflicts);
        Assert.False(_ledger.Accept(message, 8));

        Assert.Equal(1, _ledger.Conflicts);
        Assert.Equal([7], _ledger.Acks());
    }

    [Fact]
    public void A_message_that_comes_twice_is_told()
    {
        Assert.True(_ledger.TryOpen(1, _recording, out var message));

        Assert.Same(_recording, _ledger.Deliver(message)?.Recording);
        Assert.Null(_ledger.Deliver(message));

        Assert.Equal((1, 1L), (_ledger.Delivered, _ledger.DeliveredTwice));
    }

    [Fact]
    public void A_message_that_was_never_sent_contradicts()
    {
        Assert.Null(_ledger.Deliver(0));

        Assert.Equal(1, _ledger.Conflicts);
    }
}
