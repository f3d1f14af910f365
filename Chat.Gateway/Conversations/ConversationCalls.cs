using Chat.Conversations;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;

namespace Chat.Gateway.Conversations;

/// <summary>
/// Carries sends and marks to their conversations. Where the conversation's silo is known, they travel in that silo's
/// next batch; where it is not, or turns out to have moved, in a grain call of their own. Never throws: a fault is a
/// refusal, and its outcome unknown.
/// </summary>
internal sealed class ConversationCalls(
    IGrainFactory grains, ConversationPlaces places, IntakeLanes intakes,
    ILogger<ConversationCalls> logger)
{
    public async Task<Answer<Sent>[]> SendAsync(ConversationId id, SendCommand[] commands)
    {
        try
        {
            if (places.Find(id) is { } silo)
            {
                if (await intakes.Of(silo).SendAsync(new SendsTo(id, commands)) is { } answers) return answers;
                places.Forget(id);
            }

            return await grains.GetConversation(id).Send(commands);
        }
        catch (Exception e)
        {
            return Fill<Sent>(GrainFaults.ToRefusal(e, logger), commands.Length);
        }
    }

    public async Task<Answer<MarkOutcome>[]> MarkAsync(ConversationId id, ReceiptMark[] marks)
    {
        try
        {
            if (places.Find(id) is { } silo)
            {
                if (await intakes.Of(silo).MarkAsync(new MarksTo(id, marks)) is { } answers) return answers;
                places.Forget(id);
            }

            return await grains.GetConversation(id).Mark(marks);
        }
        catch (Exception e)
        {
            return Fill<MarkOutcome>(GrainFaults.ToRefusal(e, logger), marks.Length);
        }
    }

    private static Answer<T>[] Fill<T>(Refusal refusal, int count)
    {
        var answers = new Answer<T>[count];
        Array.Fill(answers, refusal);
        return answers;
    }
}
