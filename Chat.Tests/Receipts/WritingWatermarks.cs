using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Overload;
using Chat.Receipts;
using Chat.Storage;
using Chat.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Chat.Tests.Receipts;

/// <summary>The journal writes what it was given, whatever the store does meanwhile.</summary>
public sealed class WritingWatermarks
{
    private static readonly UserId Bob = new(Guid.NewGuid());
    private static readonly UserId Carol = new(Guid.NewGuid());
    private static readonly ConversationId Chat = new(Guid.NewGuid());
    private static readonly DateTimeOffset At = ReceiptJournal.WholeSecond(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_mark_that_could_not_be_written_is_written_by_itself_once_the_store_is_back()
    {
        var log = new FailingLog(failures: 2);
        var options = Options.Create(new ReceiptOptions { FlushEvery = TimeSpan.FromMilliseconds(10) });
        var calm = new LoadGauge(
            Options.Create(new OverloadOptions()), TimeProvider.System, NullLogger<LoadGauge>.Instance);
        using var journal = new ReceiptJournal(
            log, new LocalConversations(), options, calm, TimeProvider.System, NullLogger<ReceiptJournal>.Instance);
        var progress = new MemberProgress(default, fanout: null!) { Current = new Watermarks(3, 1) };
        await journal.StartAsync(CancellationToken.None);

        Assert.True(journal.TryGather(Chat, Bob, progress, At));

        await Eventually.CompletesAsync("the mark to be written", log.Written);
        Assert.Equal(new WatermarkStep(Chat, Bob, new Watermarks(3, 1), At), Assert.Single(await log.Written));
        await journal.StopAsync(CancellationToken.None);
        Assert.Equal(new Watermarks(3, 1), progress.Durable);
    }

    [Fact]
    public async Task When_load_comes_up_while_it_waits_only_what_somebody_asked_for_is_written()
    {
        var time = new SignallingTime();
        var options = Options.Create(new ReceiptOptions());
        var load = new LoadGauge(Options.Create(new OverloadOptions()), time, NullLogger<LoadGauge>.Instance);
        using var journal = new ReceiptJournal(
            new FailingLog(failures: 0), new LocalConversations(), options, load, time,
            NullLogger<ReceiptJournal>.Instance);
        var bobs = new MemberProgress(default, fanout: null!) { Current = new Watermarks(3, 1) };
        var carols = new MemberProgress(default, fanout: null!) { Current = new Watermarks(2, 2) };
        await journal.StartAsync(CancellationToken.None);
        await time.Waits.UntilAsync("the journal to wait for its next flush", all => all.Count > 0);

        load.Refused();
        Assert.True(journal.TryGather(Chat, Bob, bobs, At));
        time.Advance(options.Value.FlushEvery);
        await Eventually.CompletesAsync("her mark to be written", journal.FlushAsync(Chat, Carol, carols));

        Assert.Equal((default, new Watermarks(2, 2)), (bobs.Durable, carols.Durable));
        await journal.StopAsync(CancellationToken.None);
        Assert.Equal(new Watermarks(3, 1), bobs.Durable);
    }

    [Fact]
    public async Task When_load_goes_while_it_waits_what_was_held_is_written()
    {
        var time = new SignallingTime();
        var options = Options.Create(new ReceiptOptions());
        var load = new LoadGauge(
            Options.Create(new OverloadOptions { ReceiptsApartTimes = 100_000 }), time, NullLogger<LoadGauge>.Instance);
        var log = new FailingLog(failures: 0);
        using var journal = new ReceiptJournal(
            log, new LocalConversations(), options, load, time, NullLogger<ReceiptJournal>.Instance);
        load.Refused();
        await journal.StartAsync(CancellationToken.None);
        await time.Waits.UntilAsync("the journal to wait", all => all.Count > 0);
        Assert.True(journal.TryGather(
            Chat, Bob, new MemberProgress(default, fanout: null!) { Current = new Watermarks(3, 1) }, At));

        await Eventually.HoldsAsync("the mark to be written", () =>
        {
            if (log.Written.IsCompleted) return true;
            load.Look();
            time.Advance(options.Value.FlushEvery);
            return false;
        });

        Assert.True(load.Level < LoadLevel.SlowsReceipts);
        await journal.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_durable_is_noted_where_the_conversation_is_open_now()
    {
        var log = new FailingLog(failures: 0);
        using var journal = Journal(log);
        var before = new MemberProgress(default, fanout: null!) { Current = new Watermarks(9, 9) };
        var reopened = new MemberProgress(default, fanout: null!) { Current = new Watermarks(4, 4) };

        Assert.True(journal.TryGather(Chat, Bob, before, At));
        Assert.True(journal.TryGather(Chat, Bob, reopened, At));
        await journal.StopAsync(CancellationToken.None);

        // What the conversation did not know any more, as it was opened before that was written, is written too.
        Assert.Equal([new WatermarkStep(Chat, Bob, new Watermarks(9, 9), At)], await log.Written);
        Assert.Equal(new Watermarks(9, 9), reopened.Durable);
    }

    [Fact]
    public async Task Whoever_waits_for_a_reopened_conversations_mark_finds_it_durable()
    {
        var log = new FailingLog(failures: 0);
        using var journal = Journal(log);
        var before = new MemberProgress(default, fanout: null!) { Current = new Watermarks(4, 4) };
        var reopened = new MemberProgress(default, fanout: null!) { Current = new Watermarks(4, 4) };

        Assert.True(journal.TryGather(Chat, Bob, before, At));
        var written = journal.FlushAsync(Chat, Bob, reopened);
        await journal.StopAsync(CancellationToken.None);

        await Eventually.CompletesAsync("the mark to be written", written);
        Assert.Equal(new Watermarks(4, 4), reopened.Durable);
    }

    private static ReceiptJournal Journal(IMessageLog log)
    {
        var calm = new LoadGauge(
            Options.Create(new OverloadOptions()), TimeProvider.System, NullLogger<LoadGauge>.Instance);
        return new ReceiptJournal(
            log, new LocalConversations(), Options.Create(new ReceiptOptions()), calm, TimeProvider.System,
            NullLogger<ReceiptJournal>.Instance);
    }

    /// <summary>A store that is away for so many writes.</summary>
    private sealed class FailingLog(int failures) : IMessageLog
    {
        private readonly TaskCompletionSource<IReadOnlyList<WatermarkStep>> _written =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private int _failuresLeft = failures;

        public Task<IReadOnlyList<WatermarkStep>> Written => _written.Task;

        public int LaneCount => 1;

        public Task RaiseWatermarksAsync(IReadOnlyList<WatermarkStep> steps, CancellationToken cancel)
        {
            if (_failuresLeft-- > 0) throw new IOException("The store is away.");
            _written.TrySetResult(steps);
            return Task.CompletedTask;
        }

        public Task<bool> CreateDirectAsync(
            ConversationId id, UserId openerId, UserId otherId, DateTimeOffset now, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<bool> CreateGroupAsync(NewGroup group, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<OpenedConversation?> OpenAsync(ConversationId id, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<bool> TryAppendAsync(IReadOnlyList<NewEntry> entries, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<Reconciled> ReconcileAsync(
            ConversationId id, IReadOnlyList<(UserId SenderId, string ClientMessageId)> keys,
            CancellationToken cancel) => throw new NotSupportedException();

        public Task<FormerMark?> MarkFormerAsync(
            ConversationId id, UserId userId, Watermarks watermarks, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<EntryHead?> GetHeadAsync(ConversationId id, long seq, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<MemberReceipt>> GetReceiptsAsync(
            ConversationId id, long seq, CancellationToken cancel) => throw new NotSupportedException();
    }
}
