using System.Diagnostics;
using Chat.Client;
using Chat.Load.Direct;

namespace Chat.Load.Storm;

/// <summary>Alice sends impatiently and types; Bob's device does what an app does, and he reads what he gets.</summary>
internal sealed class StormPair
{
    /// <summary>As an app debounces it.</summary>
    private static readonly TimeSpan TypingApart = TimeSpan.FromSeconds(3);

    private readonly int _number;
    private readonly ChatConnection _alice;
    private readonly StormRun _run;
    private readonly CancellationToken _stop;
    private readonly DeliveryMark _reading;
    private long _typedAt;
    private int _open;
    private volatile bool _isClosedLoop;

    public StormPair(
        int number,
        ChatConnection alice,
        ChatConnection bob,
        string conversationId,
        StormRun run,
        CancellationToken stop)
    {
        (_number, _alice, Bob, ConversationId, _run, _stop) = (number, alice, bob, conversationId, run, stop);
        _reading = new DeliveryMark(bob, conversationId, Marks, stop, HubMethods.MarkRead);
        bob.MessageAppended += entry => OnMessage(entry.Message);
        bob.TypingChanged += _ => run.Tally.Add(StormCounts.TypingPushed);
        alice.ReceiptAdvanced += _ => run.Tally.Add(StormCounts.ReceiptsPushed);
    }

    public ChatConnection Alice => _alice;

    public ChatConnection Bob { get; }

    public string ConversationId { get; }

    public StormLedger Ledger { get; } = new();

    /// <summary>Bob's marks that went other than plainly.</summary>
    public PairCounters Marks { get; } = new();

    public int Open => Volatile.Read(ref _open);

    /// <summary>Keeps <paramref name="window"/> messages under way until <see cref="EndLoop"/>.</summary>
    public void Loop(int window)
    {
        _isClosedLoop = true;
        for (var n = 0; n < window; n++) Offer(Stopwatch.GetTimestamp());
    }

    public void EndLoop() => _isClosedLoop = false;

    /// <summary>One more that was due at <paramref name="dueAt"/>.</summary>
    public void Offer(long dueAt)
    {
        _run.Tally.Add(StormCounts.Offered);
        var recording = _run.Recording;
        if (Open >= _run.Options.Outstanding || !Ledger.TryOpen(dueAt, recording, out var message))
        {
            _run.Tally.Add(StormCounts.NotOffered);
            return;
        }

        Interlocked.Increment(ref _open);
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _typedAt)) > TypingApart) _ = TypeAsync();
        _ = SendAsync(message, dueAt, recording);
    }

    private async Task SendAsync(int message, long dueAt, StormRecording recording)
    {
        var request = new SendRequest
        {
            ConversationId = ConversationId,
            ClientMessageId = _run.Ids.Make(_number, message),
            Content = _run.Content,
        };
        var isAccepted = false;
        try
        {
            var send = new ImpatientSend(_alice, request, _run.Tally, _stop);
            if (await send.RunAsync().ConfigureAwait(false) is { } accepted && Ledger.Accept(message, accepted.Seq))
            {
                isAccepted = true;
                _run.Accepted(recording, Stopwatch.GetElapsedTime(dueAt), accepted.Took);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is given up, and with it its figures.
            return;
        }

        Interlocked.Decrement(ref _open);
        if (_isClosedLoop && isAccepted) Offer(Stopwatch.GetTimestamp());
    }

    private async Task TypeAsync()
    {
        Volatile.Write(ref _typedAt, Stopwatch.GetTimestamp());
        await Hints.SayAsync(
            () => _alice.SetTypingAsync(ConversationId, true, _stop), StormCounts.TypingSent, _run.Tally)
            .ConfigureAwait(false);
    }

    private void OnMessage(Message message)
    {
        if (!_run.Ids.TryRead(message.ClientMessageId, out var pair, out var number) || pair != _number)
        {
            Marks.Foreign();
            return;
        }

        if (Ledger.Deliver(number) is not { } entry) return;
        entry.Recording.ToDelivered.Add(Stopwatch.GetElapsedTime(entry.DueAt));
        _run.Tally.Add(StormCounts.Delivered);
        _reading.Raise(message.Seq);
    }
}
