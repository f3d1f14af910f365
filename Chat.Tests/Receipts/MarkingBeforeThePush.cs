using Chat.Ids;
using Chat.Receipts;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>
/// A mark that is quicker than the push of what it passes: whoever marks has read it from the store, where it stands
/// before the conversation gets its turn. Its author is told all the same.
/// </summary>
[Collection(ProcessTests.Collection)]
public sealed class MarkingBeforeThePush
{
    [Fact]
    public async Task In_a_direct_conversation_the_author_is_told()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(2);
        var chat = await silo.OpenAsync(users[0], users[1]);

        await IsToldAsync(silo, chat, users[0], await SaysAndIsReadAsync(silo, chat, users[0], users[1]));
    }

    [Fact]
    public async Task In_a_group_the_author_is_told()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(3);
        var chat = await silo.GatherAsync(users);

        await IsToldAsync(silo, chat, users[0], await SaysAndIsReadAsync(silo, chat, users[0], users[1]));
    }

    [Fact]
    public async Task In_a_large_group_it_is_counted()
    {
        await using var silo = await LoneSilo.StartAsync(("Chat:Receipts:OneByOneMembersMax", "2"));
        var users = await silo.WelcomeAsync(3);
        var chat = await silo.GatherAsync(users);

        var seq = await SaysAndIsReadAsync(silo, chat, users[0], users[1]);
        await silo.ReadsAsync(chat, users[2], seq);

        await silo.Pushed.UntilAsync(
            "both to be counted",
            all => all.Any(push => push.Counts is { DeliveredCount: 2, ReadCount: 2 } counts && counts.Seq == seq));
    }

    private static async Task IsToldAsync(LoneSilo silo, ConversationId chat, UserId author, long seq) =>
        Assert.Contains(await silo.PushedToAsync(author, chat), push => push.Receipt?.ReadSeq == seq);

    /// <summary>The mark's turn begins before the commit has ended, and goes on once it has.</summary>
    private static async Task<long> SaysAndIsReadAsync(
        LoneSilo silo, ConversationId chat, UserId author, UserId reader)
    {
        var first = await silo.SaysAsync(chat, author);
        await silo.ReadsAsync(chat, reader, first);
        var other = await silo.OpenBesideAsync(chat, author);
        var (begun, mayCommit) = (NewSignal(), NewSignal());
        silo.Get<WatchedLog>().Appending = entries =>
        {
            if (entries.All(entry => entry.ConversationId != chat)) return Task.CompletedTask;
            begun.TrySetResult();
            return mayCommit.Task;
        };
        var mark = new ReceiptMark(reader, new Watermarks(first + 1, first + 1), Origin: 0);

        var saying = silo.SaysAsync(chat, author);
        await Eventually.CompletesAsync("the commit to begin", begun.Task);
        using var marking = await HeldMark.BeginAsync(silo, chat, mark);
        mayCommit.SetResult();
        // Its lane takes the next entry once it has done with the one before.
        await silo.SaysAsync(other, author);
        marking.LetGo();

        Assert.False(Assert.Single((await marking.Answer)!).IsRefused);
        return await saying;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
