using Chat.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Overload;
using Chat.Gateway.Sessions;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Refusals;

namespace Chat.Gateway.Conversations;

/// <summary>Hop 1 of a message: within the sender's rate, through the door, and off to the conversation.</summary>
internal sealed class Sender(ConversationCalls conversations, SendBudgets budgets, SendDoors doors)
{
    /// <summary>A device's send: keeps the order of its calls.</summary>
    public Task<Answer<SendAnswer>> SendAsync(ClientConnection connection, SendRequest request)
    {
        var budget = budgets.Of(connection.User);
        if (!budget.TryTake(out var retryAfter))
            return Task.FromResult<Answer<SendAnswer>>(Refusal.RateLimited(retryAfter));
        var command = new SendCommand(connection.User, request.ClientMessageId, request.Content, connection.Key);
        var sends = connection.Sends ??=
            new Pipelines<ConversationId, SendCommand, Answer<Sent>>(conversations.SendAsync);
        var door = doors.To(request.ConversationId);
        return door.TryEnter(out var enteredAt)
            ? AnswerAsync(request.ConversationId, sends.CallAsync(request.ConversationId, command), door, enteredAt)
            : Task.FromResult<Answer<SendAnswer>>(Refuse(door, budget));
    }

    /// <summary>A send of a script or server, over REST.</summary>
    public async Task<Answer<SendAnswer>> SendAsync(UserId sender, SendRequest request)
    {
        var budget = await budgets.LoadAsync(sender);
        if (!budget.TryTake(out var retryAfter)) return Refusal.RateLimited(retryAfter);
        var command = new SendCommand(sender, request.ClientMessageId, request.Content, Origin: 0);
        var door = doors.To(request.ConversationId);
        if (!door.TryEnter(out var enteredAt)) return Refuse(door, budget);
        var sending = FirstAsync(conversations.SendAsync(request.ConversationId, [command]));
        return await AnswerAsync(request.ConversationId, sending, door, enteredAt);
    }

    /// <summary>
    /// The rate comes first, so that whoever is past it takes no place; who finds none has spent nothing of his rate.
    /// </summary>
    private static Refusal Refuse(SendDoor door, SendBudget budget)
    {
        budget.GiveBack();
        return SendDoors.Refuse(door);
    }

    private static async Task<Answer<Sent>> FirstAsync(Task<Answer<Sent>[]> answers) => (await answers)[0];

    private static async Task<Answer<SendAnswer>> AnswerAsync(
        ConversationId id, Task<Answer<Sent>> sending, SendDoor door, long enteredAt)
    {
        try
        {
            var answer = await sending;
            if (answer.Refusal is { } refusal) return refusal;
            var sent = answer.Value;
            return new SendAnswer(id, sent.Seq, id.MessageId(sent.Seq), sent.SentAt, sent.Duplicate);
        }
        finally
        {
            door.Leave(enteredAt);
        }
    }
}
