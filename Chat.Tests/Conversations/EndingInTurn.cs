using Chat.Conversations;
using Chat.Ids;
using Xunit;

namespace Chat.Tests.Conversations;

/// <summary>What follows the end of an entry comes in the order of the log.</summary>
public sealed class EndingInTurn
{
    private static readonly LogCursor Cursor = new(new ConversationId(new Guid(1, 2, 3, new byte[8])), 1, 0);

    /// <summary>One turn at a time, as an activation has it.</summary>
    private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    [Fact]
    public async Task An_entry_that_ended_before_its_turn_waited_comes_behind_those_before_it()
    {
        var order = new List<int>();
        PendingEntry[] entries = [Entry(1), Entry(2)];
        var first = await Turn(() => Follow(0));

        var second = await Turn(() =>
        {
            foreach (var entry in entries) entry.End(AppendEnd.Appended);
            return Follow(1);
        });
        await Task.WhenAll(first, second);

        Assert.Equal([0, 1], order);

        async Task Follow(int entry)
        {
            await entries[entry].EndInTurnAsync();
            order.Add(entry);
        }
    }

    private static PendingEntry Entry(int number) => new(
        Cursor, default, $"m{number}", DateTimeOffset.UnixEpoch, new Content { Kind = ContentKind.Text, Text = "t" },
        listFor: null);

    private Task<Task> Turn(Func<Task> turn) =>
        Task.Factory.StartNew(turn, CancellationToken.None, TaskCreationOptions.None, _turns);
}
