using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>
/// A mark whose turn comes between the commit of a group's change and its taking effect: an entry of the same commit,
/// behind the change, is counted for those who are members since.
/// </summary>
[Collection(ProcessTests.Collection)]
public sealed class MarkingBehindAChange
{
    [Theory, InlineData(2), InlineData(3)]
    public async Task Who_came_is_counted_though_the_group_becomes_large_with_him(int oneByOneMax)
    {
        await using var silo = await LoneSilo.StartAsync(("Chat:Receipts:OneByOneMembersMax", $"{oneByOneMax}"));
        var users = await silo.WelcomeAsync(4);
        var (alice, bob, carol, dave) = (users[0], users[1], users[2], users[3]);
        var chat = await silo.GatherAsync(alice, bob, carol);

        var (outcome, seq) = await SaysBehindAsync(silo, chat, alice, bob, group => group.AddMembers(alice, [dave], 0));
        Assert.False(outcome.IsRefused);
        await silo.ReadsAsync(chat, carol, seq);
        await silo.ReadsAsync(chat, dave, seq);

        await AllAreCountedAsync(silo, seq, members: 3);
    }

    [Fact]
    public async Task Who_went_is_not_awaited()
    {
        await using var silo = await LoneSilo.StartAsync(("Chat:Receipts:OneByOneMembersMax", "2"));
        var users = await silo.WelcomeAsync(4);
        var chat = await silo.GatherAsync(users);

        var (outcome, seq) = await SaysBehindAsync(
            silo, chat, users[0], users[1], group => group.RemoveMember(users[0], users[3], 0));
        Assert.False(outcome.IsRefused);
        await silo.ReadsAsync(chat, users[2], seq);

        await AllAreCountedAsync(silo, seq, members: 2);
    }

    [Fact]
    public async Task Who_came_is_a_member_to_his_own_mark()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(4);
        var chat = await silo.GatherAsync(users[..3]);

        var (outcome, seq) = await SaysBehindAsync(
            silo, chat, users[0], users[3], group => group.AddMembers(users[0], [users[3]], 0));

        Assert.False(outcome.IsRefused);
        Assert.Equal(new Watermarks(seq, seq), outcome.Value.Current);
    }

    private static Task AllAreCountedAsync(LoneSilo silo, long seq, int members) => silo.Pushed.UntilAsync(
        "all to be counted",
        all => all.Any(push => push.Counts is { } counts && counts.Seq == seq
            && (counts.DeliveredCount, counts.ReadCount, counts.MemberCount) == (members, members, members)));

    /// <summary>
    /// The change and an entry of the author behind it go in one commit; the mark's turn begins before that has ended,
    /// and goes on once it has.
    /// </summary>
    private static async Task<(Answer<MarkOutcome> Outcome, long Seq)> SaysBehindAsync(
        LoneSilo silo, ConversationId chat, UserId author, UserId reader, Func<IGroupGrain, Task<Refusal?>> change)
    {
        var first = await silo.SaysAsync(chat, author);
        await silo.ReadsAsync(chat, author, first);
        var other = await silo.OpenBesideAsync(chat, author);
        var (begun, mayCommit) = (NewSignal(), NewSignal());
        silo.Get<WatchedLog>().Appending = _ =>
        {
            begun.TrySetResult();
            return mayCommit.Task;
        };
        var before = silo.SaysAsync(other, author);
        await Eventually.CompletesAsync("the commit before to begin", begun.Task);
        var lane = silo.Get<LogLanes>().For(chat);
        var changing = change(silo.Grains.GetGroup(chat));
        await Eventually.HoldsAsync("the change to queue", () => lane.QueuedEntries == 1);
        var saying = silo.SaysAsync(chat, author);
        await Eventually.HoldsAsync("the entry to queue", () => lane.QueuedEntries == 2);
        var mark = new ReceiptMark(reader, new Watermarks(first + 2, first + 2), Origin: 0);

        using var marking = await HeldMark.BeginAsync(silo, chat, mark);
        mayCommit.SetResult();
        await before;
        // Its lane takes the next entry once it has done with those before.
        await silo.SaysAsync(other, author);
        marking.LetGo();

        var outcome = Assert.Single((await marking.Answer)!);
        Assert.Null(await changing);
        Assert.Equal(first + 2, await saying);
        return (outcome, first + 2);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
