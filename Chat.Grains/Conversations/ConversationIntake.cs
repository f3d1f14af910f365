using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Microsoft.Extensions.Logging;

namespace Chat.Conversations;

/// <summary>
/// Hands a gateway's batch to the conversations of this silo. They are all ready, so the batch's answer waits for about
/// one commit; what would have to wait longer (routes or the store to be asked, a group that its gateways can't keep up
/// with) is turned away and takes the way of a single call.
/// </summary>
[Reentrant]
internal sealed partial class ConversationIntake(
    GrainId id, Silo silo, ILoggerFactory loggers, LocalConversations here,
    ILogger<ConversationIntake> logger)
    : GrainService(id, silo, loggers), IConversationIntake
{
    public Task<Answer<Sent>[]?[]> Send(SendsTo[] sends) => HandOverAsync(
        sends, item => item.ConversationId, item => item.Commands.Length,
        conversation => conversation.IsReadyForSends, (conversation, item) => conversation.Send(item.Commands));

    public Task<Answer<MarkOutcome>[]?[]> Mark(MarksTo[] marks) => HandOverAsync(
        marks, item => item.ConversationId, item => item.Marks.Length,
        conversation => conversation.IsReadyForMarks, (conversation, item) => conversation.Mark(item.Marks));

    private async Task<Answer<TAnswer>[]?[]> HandOverAsync<TItem, TAnswer>(
        TItem[] items, Func<TItem, ConversationId> of, Func<TItem, int> count, Func<OpenConversation, bool> isReady,
        Func<ConversationGrain, TItem, Task<Answer<TAnswer>[]>> call)
    {
        var calls = new Task<Answer<TAnswer>[]?>?[items.Length];
        for (var i = 0; i < items.Length; i++)
            if (here.Find(of(items[i])) is { } conversation && isReady(conversation))
                calls[i] = conversation.CallAsync(items[i], call);
        await Task.WhenAll(calls.OfType<Task>()).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var answers = new Answer<TAnswer>[]?[items.Length];
        for (var i = 0; i < items.Length; i++)
            if (calls[i] is { } made) answers[i] = await AnswerAsync(made, of(items[i]), count(items[i]));
        return answers;
    }

    private async ValueTask<Answer<TAnswer>[]?> AnswerAsync<TAnswer>(
        Task<Answer<TAnswer>[]?> call, ConversationId conversation, int count)
    {
        try
        {
            return await call;
        }
        catch (Exception e)
        {
            // One conversation's trouble is not its neighbours': its outcome is unknown, theirs stand.
            LogCallFailed(conversation, e);
            var answers = new Answer<TAnswer>[count];
            Array.Fill(answers, Refusal.Unavailable);
            return answers;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Conversation {Conversation} did not take what it was sent")]
    private partial void LogCallFailed(ConversationId conversation, Exception exception);
}
