using Chat.Conversations;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Storage;

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
            return Fill<Sent>(ToRefusal(e, isAlone: commands.Length == 1), commands.Length);
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
            return Fill<MarkOutcome>(ToRefusal(e, isAlone: false), marks.Length);
        }
    }

    /// <summary>
    /// A store too busy to look something up fails the whole call, when others of it may be under way, and a mark
    /// raised: only one send alone is known to have changed nothing.
    /// </summary>
    private Refusal ToRefusal(Exception e, bool isAlone) =>
        e is StoreBusyException && !isAlone ? Refusal.Unavailable : GrainFaults.ToRefusal(e, logger);

    private static Answer<T>[] Fill<T>(Refusal refusal, int count)
    {
        var answers = new Answer<T>[count];
        Array.Fill(answers, refusal);
        return answers;
    }
}
