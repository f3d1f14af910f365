using Chat.Conversations;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Tests.Harness;
using Chat.Users;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>While a conversation asks the store who hides his reading, others come and the answer grows old.</summary>
[Collection(ProcessTests.Collection)]
public sealed class AskingWhoHides
{
    [Fact]
    public async Task Marks_that_come_meanwhile_wait_for_the_same_answer()
    {
        await using var silo = await LoneSilo.StartAsync();
        var (alice, bob, chat) = await SaidAsync(silo);
        var store = silo.Get<WatchedPresence>();
        var (asked, answered) = (NewSignal(), NewSignal());
        store.AnsweringWhoHides = _ =>
        {
            asked.TrySetResult();
            return answered.Task;
        };
        var open = silo.Get<LocalConversations>().Find(chat)!;

        var first = MarkAsync(open, bob);
        await Eventually.CompletesAsync("the store to be asked", asked.Task);
        var begun = new List<Task<Answer<MarkOutcome>[]?>>();
        foreach (var user in (UserId[])[alice, bob, alice]) begun.Add(MarkAsync(open, user));
        // Their turns have begun once a later one ends.
        await open.CallAsync(0, (_, _) => Task.FromResult(new object()));
        answered.SetResult();

        Assert.All(await Task.WhenAll([first, .. begun]), outcomes => Assert.False(outcomes![0].IsRefused));
        Assert.Equal(1, store.AskedWhoHides);
    }

    [Fact]
    public async Task An_answer_older_than_the_grain_that_told_otherwise_is_not_acted_on()
    {
        await using var silo = await LoneSilo.StartAsync();
        var (alice, bob, chat) = await SaidAsync(silo);
        silo.Get<WatchedPresence>().AnsweringWhoHides = async _ =>
        {
            silo.Get<WatchedPresence>().AnsweringWhoHides = _ => Task.CompletedTask;
            await silo.LoseAsync(bob);
            await silo.Grains.GetUser(bob).SetPrivacy(new PrivacyChange(null, ReadReceipts: false));
        };

        await silo.ReadsAsync(chat, bob, 1);

        var receipt = (await silo.PushedToAsync(alice, chat)).Single(push => push.Receipt is not null).Receipt!;
        Assert.Equal((1L, null), (receipt.DeliveredSeq, receipt.ReadSeq));
    }

    [Fact]
    public async Task While_it_has_to_be_asked_no_batch_waits_for_it()
    {
        await using var silo = await LoneSilo.StartAsync();
        var (_, bob, chat) = await SaidAsync(silo);
        var open = silo.Get<LocalConversations>().Find(chat)!;
        Assert.Equal((true, false), (open.IsReadyForSends, open.IsReadyForMarks));

        await silo.ReadsAsync(chat, bob, 1);

        Assert.True(open.IsReadyForMarks);
    }

    private static async Task<(UserId Alice, UserId Bob, ConversationId Chat)> SaidAsync(LoneSilo silo)
    {
        var users = await silo.WelcomeAsync(2);
        var chat = await silo.OpenAsync(users[0], users[1]);
        await silo.SaysAsync(chat, users[0]);
        return (users[0], users[1], chat);
    }

    private static Task<Answer<MarkOutcome>[]?> MarkAsync(OpenConversation open, UserId user) => open.CallAsync(
        (ReceiptMark[])[new ReceiptMark(user, new Watermarks(1, 1), Origin: 0)], (grain, marks) => grain.Mark(marks));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
