using Chat.Conversations;
using Chat.Receipts;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>
/// Counts of a large group while it can't be known who hides his reading: nothing is told, and nothing is lost.
/// </summary>
[Collection(ProcessTests.Collection)]
public sealed class TellingCountsLater
{
    [Fact]
    public async Task They_are_told_once_the_store_answers_and_the_trouble_is_said_once()
    {
        await using var silo = await LoneSilo.StartAsync(("Chat:Receipts:OneByOneMembersMax", "2"));
        var users = await silo.WelcomeAsync(3);
        var chat = await silo.GatherAsync(users);
        await silo.ReadsAsync(chat, users[1], 1);
        var said = await silo.SaysAsync(chat, users[0]);
        var open = silo.Get<LocalConversations>().Find(chat)!;
        var store = silo.Get<WatchedPresence>();
        ReceiptMark[] marks = [new(users[1], new Watermarks(said, said), Origin: 0)];
        var counted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var lost = new ManualResetEventSlim();

        // In one turn, before any tick, it is counted and it is forgotten where a member is.
        var marking = open.CallAsync(marks, (grain, all) =>
        {
            var marked = grain.Mark(all);
            counted.SetResult();
            Assert.True(lost.Wait(Eventually.Patience));
            return marked;
        });
        await Eventually.CompletesAsync("the mark to be counted", counted.Task);
        store.AnsweringWhoHides = _ => throw new IOException("The store is away.");
        await silo.LoseAsync(users[2]);
        await Eventually.HoldsAsync("the store to be asked again", () => !open.IsReadyForMarks);
        var asked = store.AskedWhoHides;
        lost.Set();
        Assert.False(Assert.Single((await marking)!).IsRefused);
        await Eventually.HoldsAsync("two ticks", () => store.AskedWhoHides >= asked + 2);
        Assert.DoesNotContain(silo.Pushed.Snapshot(), push => push.Counts is not null);
        store.AnsweringWhoHides = _ => Task.CompletedTask;

        var all = await silo.Pushed.UntilAsync("the counts", pushes => pushes.Any(push => push.Counts is not null));
        Assert.Equal(
            new ReceiptCounts(chat, said, DeliveredCount: 1, ReadCount: 1, MemberCount: 2),
            all.Single(push => push.Counts is not null).Counts);
        Assert.Single(silo.Warnings.Snapshot(), $"The counts of conversation {chat} are told later");
    }
}
