using Chat.Conversations;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>A mark whose turn has begun and stands still: the conversation has no other turn meanwhile.</summary>
internal sealed class HeldMark : IDisposable
{
    private readonly ManualResetEventSlim _go = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldMark(LoneSilo silo, ConversationId chat, ReceiptMark mark)
    {
        ReceiptMark[] marks = [mark];
        Answer = silo.Get<LocalConversations>().Find(chat)!.CallAsync(marks, (grain, all) =>
        {
            _begun.SetResult();
            Assert.True(_go.Wait(Eventually.Patience));
            return grain.Mark(all);
        });
    }

    public Task<Answer<MarkOutcome>[]?> Answer { get; }

    public static async Task<HeldMark> BeginAsync(LoneSilo silo, ConversationId chat, ReceiptMark mark)
    {
        var held = new HeldMark(silo, chat, mark);
        await Eventually.CompletesAsync("the mark's turn", held._begun.Task);
        return held;
    }

    public void LetGo() => _go.Set();

    public void Dispose() => _go.Dispose();
}
