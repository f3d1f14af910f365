using System.Diagnostics;
using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Messages;

namespace Chat.Load.Direct;

/// <summary>
/// Alice sends, Bob gets and marks as delivered. In a closed loop each completed message is followed by the next.
/// </summary>
internal sealed class Pair
{
    /// <summary>Paced: what may lack its ack or receipt. More is not sent, and counted.</summary>
    private const int OpenMax = 256;

    private readonly ChatConnection _alice;
    private readonly ChatConnection _bob;
    private readonly MessageIds _ids;
    private readonly Content _content;
    private readonly PairCounters _counters;
    private readonly CancellationToken _stop;
    private readonly DeliveryMark _mark;
    private readonly Repair _repair;
    private volatile bool _isClosedLoop;
    private int _open;

    public Pair(
        int number,
        ChatConnection alice,
        ChatConnection bob,
        string conversationId,
        DirectRun run,
        CancellationToken stop)
    {
        (Number, _alice, _bob, ConversationId, _stop) = (number, alice, bob, conversationId, stop);
        (_ids, _content, _counters) = (run.Ids, run.Content, run.Counters);
        Ledger = new Ledger(run.Recorder);
        _mark = new DeliveryMark(bob, conversationId, run.Counters, stop);
        _repair = new Repair(alice, bob, this, run.Counters, stop);
        bob.MessageAppended += entry => OnMessage(entry.Message, isPush: true);
        alice.ReceiptAdvanced += OnReceipt;
    }

    public int Number { get; }

    public string ConversationId { get; }

    public Ledger Ledger { get; }

    public int Open => Volatile.Read(ref _open);

    /// <summary>Keeps <paramref name="window"/> messages under way until <see cref="EndLoop"/>.</summary>
    public void Loop(int window)
    {
        _isClosedLoop = true;
        for (var n = 0; n < window; n++) Send(Stopwatch.GetTimestamp());
    }

    public void EndLoop() => _isClosedLoop = false;

    /// <summary>Sends one that was due at <paramref name="dueAt"/>.</summary>
    public void SendDue(long dueAt)
    {
        if (Open < OpenMax) Send(dueAt);
        else _counters.NotSent();
    }

    /// <summary>What Bob was pushed, or read.</summary>
    public void OnMessage(Message message, bool isPush)
    {
        if (!_ids.TryRead(message.ClientMessageId, out var pair, out var number)
            || pair != Number
            || message.SenderId != _alice.UserId
            || message.ConversationId != ConversationId
            || message.Content.Text != _content.Text)
        {
            _counters.Foreign();
            return;
        }

        Ledger.Delivered(number, message.Seq, isPush);
        _mark.Raise(message.Seq);
    }

    /// <summary>Bob marks again all that he has.</summary>
    public void MarkAgain() => _mark.Again();

    /// <summary>How far Bob is, as Alice sees it.</summary>
    public void OnReceipt(long deliveredSeq) => Completed(Ledger.Receipted(deliveredSeq));

    /// <summary>The newest seq that is stored; 0: none.</summary>
    public async Task<long> ReadNewestSeqAsync(CancellationToken stop)
    {
        var page = await _alice.GetHistoryAsync(ConversationId, limit: 1, cancellation: stop);
        return page.Messages.Count == 0 ? 0 : page.Messages[^1].Seq;
    }

    private void OnReceipt(ReceiptAdvanced receipt)
    {
        if (receipt.ConversationId == ConversationId && receipt.UserId == _bob.UserId)
            OnReceipt(receipt.DeliveredSeq);
    }

    private void Send(long startedAt)
    {
        if (!Ledger.TryOpen(startedAt, out var message))
        {
            _counters.NotSent();
            return;
        }

        Interlocked.Increment(ref _open);
        _ = SendAsync(message);
    }

    private async Task SendAsync(int message)
    {
        var request = new SendRequest
        {
            ConversationId = ConversationId,
            ClientMessageId = _ids.Make(Number, message),
            Content = _content,
        };
        try
        {
            var answer = await Insistence.AskAsync(
                () => _alice.InvokeRawAsync<SendAnswer>(HubMethods.Send, request, _stop), _stop, _counters.Resent)
                .ConfigureAwait(false);
            Completed(Ledger.Acked(message, answer.Seq));
        }
        catch (ChatException e)
        {
            // It stays unacknowledged, which the check at the end tells.
            _counters.Failed(e.Code);
        }
        catch (OperationCanceledException)
        {
            // The run is given up, and with it its figures.
        }
    }

    private void Completed(int count)
    {
        for (; count > 0; count--)
        {
            Interlocked.Decrement(ref _open);
            if (_isClosedLoop) Send(Stopwatch.GetTimestamp());
        }
    }
}
