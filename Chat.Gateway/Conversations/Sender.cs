using Chat.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Sessions;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Refusals;

namespace Chat.Gateway.Conversations;

/// <summary>Hop 1 of a message: within the sender's rate, and off to the conversation.</summary>
internal sealed class Sender(ConversationCalls conversations, SendBudgets budgets, TimeProvider time)
{
    /// <summary>A device's send: keeps the order of its calls.</summary>
    public Task<Answer<SendAnswer>> SendAsync(ClientConnection connection, SendRequest request)
    {
        if (!budgets.Of(connection.User).TryTake(out var retryAfter))
            return Task.FromResult<Answer<SendAnswer>>(Refusal.RateLimited(retryAfter));
        var command = new SendCommand(connection.User, request.ClientMessageId, request.Content, connection.Key);
        var sends = connection.Sends ??=
            new Pipelines<ConversationId, ArrivedSend, Answer<Sent>>(conversations.SendAsync);
        return AnswerAsync(request.ConversationId, sends.CallAsync(request.ConversationId, Arrived(command)));
    }

    /// <summary>A send of a script or server, over REST.</summary>
    public async Task<Answer<SendAnswer>> SendAsync(UserId sender, SendRequest request)
    {
        var budget = await budgets.LoadAsync(sender);
        if (!budget.TryTake(out var retryAfter)) return Refusal.RateLimited(retryAfter);
        var command = new SendCommand(sender, request.ClientMessageId, request.Content, Origin: 0);
        return await AnswerAsync(
            request.ConversationId,
            FirstAsync(conversations.SendAsync(request.ConversationId, [Arrived(command)])));
    }

    private ArrivedSend Arrived(SendCommand command) => new(command, time.GetTimestamp());

    private static async Task<Answer<Sent>> FirstAsync(Task<Answer<Sent>[]> answers) => (await answers)[0];

    private static async Task<Answer<SendAnswer>> AnswerAsync(ConversationId id, Task<Answer<Sent>> sending)
    {
        var answer = await sending;
        if (answer.Refusal is { } refusal) return refusal;
        var sent = answer.Value;
        return new SendAnswer(id, sent.Seq, id.MessageId(sent.Seq), sent.SentAt, sent.Duplicate);
    }
}
