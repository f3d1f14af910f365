using System.Collections;
using Chat.Ids;
using Chat.Receipts;
using Chat.Storage;
using Chat.Storage.Sqlite;
using Chat.Tests.Harness;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>
/// A mark that finds the end of the log raised to a change of the group which has not ended yet: whom that lets in is
/// not known, so no entry behind it can be noted. It is refused for now, and taken a moment later.
/// </summary>
[Collection(ProcessTests.Collection)]
public sealed class MarkingAtAChangesEnd
{
    [Fact]
    public async Task It_is_busy_and_is_taken_once_the_change_has_ended()
    {
        await using var silo = await LoneSilo.StartAsync();
        var users = await silo.WelcomeAsync(3);
        var (alice, bob, carol) = (users[0], users[1], users[2]);
        var chat = await silo.GatherAsync(alice, bob);
        var said = await silo.SaysAsync(chat, alice);
        await silo.ReadsAsync(chat, bob, said);
        using var found = new HeldBack();
        var log = silo.Get<WatchedLog>();
        log.Appending = async entries =>
        {
            log.Appending = _ => Task.CompletedTask;
            Assert.True(await silo.Get<SqliteMessageLog>().TryAppendAsync(entries, CancellationToken.None));
            throw new IOException("Lost at the commit: the store is asked what became of it.");
        };
        log.Reconciling = found.Of;
        ReceiptMark[] marks = [new(bob, new Watermarks(said + 1, said + 1), Origin: 0)];

        var changing = silo.Grains.GetGroup(chat).AddMembers(alice, [carol], 0);
        await Eventually.CompletesAsync("the change's end to be decided", found.IsRead);
        var early = Assert.Single(await silo.Grains.GetConversation(chat).Mark(marks));
        found.LetGo();
        Assert.Null(await Eventually.CompletesAsync("the change", changing));
        var late = Assert.Single(await silo.Grains.GetConversation(chat).Mark(marks));

        Assert.Equal("busy", early.Refusal?.Code);
        Assert.Equal(marks[0].Watermarks, late.Value.Current);
    }

    /// <summary>What the store found: it is read once the lane has raised the end, and then stands still.</summary>
    private sealed class HeldBack : IReadOnlyList<FoundEntry?>, IDisposable
    {
        private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _go = new();
        private IReadOnlyList<FoundEntry?> _found = [];

        public Task IsRead => _read.Task;

        public int Count => _found.Count;

        public FoundEntry? this[int index]
        {
            get
            {
                _read.TrySetResult();
                Assert.True(_go.Wait(Eventually.Patience));
                return _found[index];
            }
        }

        public Reconciled Of(Reconciled truth)
        {
            _found = truth.Found;
            return truth with { Found = this };
        }

        public void LetGo() => _go.Set();

        public IEnumerator<FoundEntry?> GetEnumerator() => _found.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose() => _go.Dispose();
    }
}
