using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;

namespace Chat.Gateway.Receipts;

/// <summary>
/// This gateway's marks on their way. Those of one conversation travel together, one call in flight; a mark is held
/// until its conversation answered that it is durable, and given again until then, so that a dying silo loses none. One
/// that was refused is not held.
/// <para><b>Bound.</b> At most <see cref="HeldMax"/> marks are held; one more is refused as <c>busy</c>.</para>
/// </summary>
internal sealed class ReceiptOutbox : BackgroundService
{
    private const int HeldMax = 100_000;
    private const int CallsAtOnce = 16;
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(1);

    private readonly HeldMarks _held = new();
    private readonly Pipelines<ConversationId, ReceiptMark, Answer<MarkOutcome>> _pipelines;
    private readonly TimeProvider _time;

    public ReceiptOutbox(ConversationCalls conversations, TimeProvider time)
    {
        _time = time;
        _pipelines = new Pipelines<ConversationId, ReceiptMark, Answer<MarkOutcome>>(conversations.MarkAsync);
    }

    /// <summary>Raises a member's watermarks; answers where he stands.</summary>
    public async Task<Answer<Watermarks>> MarkAsync(
        ClientConnection connection, ConversationId conversation, Watermarks watermarks)
    {
        if (_held.Count >= HeldMax) return Refusal.Busy(BusyFor);
        var answer = await GiveAsync(conversation, new ReceiptMark(connection.User, watermarks, connection.Key));
        return answer.Refusal is { } refusal ? refusal : answer.Value.Current;
    }

    /// <summary>Makes this user's held marks durable, so that what he reads next shows them.</summary>
    public Task FlushAsync(UserId user) => _held.Of(user) is { Count: > 0 } held
        ? Task.WhenAll(held.Select(mark =>
            GiveAsync(mark.Conversation, new ReceiptMark(user, mark.Watermarks, Origin: 0, Urgent: true))))
        : Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RepeatAfter / 2, _time);
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce };
        var repeatAfter = (long)(RepeatAfter.TotalSeconds * _time.TimestampFrequency);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Parallel.ForEachAsync(
                    _held.GivenBefore(_time.GetTimestamp() - repeatAfter), atOnce, async (mark, _) => await GiveAsync(
                        mark.Conversation, new ReceiptMark(mark.User, mark.Watermarks, Origin: 0)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A device marks again what it holds after each connect.
        }
    }

    private async Task<Answer<MarkOutcome>> GiveAsync(ConversationId conversation, ReceiptMark mark)
    {
        var answer = await _pipelines.CallAsync(conversation, mark);
        var now = _time.GetTimestamp();
        switch (answer.Refusal)
        {
            case null:
                if (_held.Count > 0 || !answer.Value.Durable.Covers(answer.Value.Current))
                    _held.Settle(mark.UserId, conversation, mark.Watermarks, answer.Value, now);
                break;
            case { Code: "unavailable" }:
                // It may have been carried out; held, it is made sure of.
                _held.Hold(mark.UserId, conversation, mark.Watermarks, now);
                break;
            case { Retryable: true }:
                // Nothing was changed, and nothing of it is to come later: its device marks again.
                _held.PutOff(mark.UserId, conversation, now);
                break;
            default:
                _held.Release(mark.UserId, conversation);
                break;
        }

        return answer;
    }
}
