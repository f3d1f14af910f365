using System.Collections;
using System.Reflection;
using Chat.Conversations;
using Chat.Ids;
using Chat.Overload;
using Chat.Storage;
using Chat.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Chat.Tests.Conversations;

/// <summary>What became of an append is asked for as long as its sender waits, and not as fast as can be.</summary>
public sealed class SettlingAppends
{
    private const int FewCalls = 100;

    private readonly LogOptions _options = new();
    private readonly LogCursor _cursor = new(new ConversationId(Guid.NewGuid()), epoch: 1, lastSeq: 5);
    private readonly PendingEntry _entry;
    private readonly PassingTime _time = new();

    public SettlingAppends() => _entry = EntryOf(_cursor);

    [Fact]
    public async Task A_store_that_says_no_and_not_why_is_asked_for_a_bounded_time_with_pauses()
    {
        var log = Store(appends: _ => false);

        await ResolveAsync(log);

        Assert.Equal(AppendEnd.Unknown, (await _entry.Ended).End);
        Assert.True(_cursor.IsClosed);
        Assert.InRange(log.Appends, 2, FewCalls);
    }

    [Fact]
    public async Task A_store_that_says_yes_after_all_has_it_appended()
    {
        var log = Store(appends: call => call == 3);

        await ResolveAsync(log);

        Assert.Equal((AppendEnd.Appended, 6L), ((await _entry.Ended).End, (await _entry.Ended).Seq));
    }

    [Fact]
    public async Task A_twin_has_no_place_while_another_entry_gets_the_one_it_was_given()
    {
        PendingEntry[] entries = [_entry, EntryOf(_cursor, _entry.SenderId), EntryOf(_cursor)];
        for (var i = 0; i < entries.Length; i++) entries[i].Seq = _cursor.LastSeq + 1 + i;
        long[] places = [];
        var log = Store(appends: _ =>
        {
            places = Array.ConvertAll(entries, entry => entry.Seq);
            return true;
        });

        await ResolveAsync(log, entries);

        Assert.Equal([6, 0, 7], places);
        Assert.Equal(
            [(AppendEnd.Appended, 6L), (AppendEnd.Duplicate, 6), (AppendEnd.Appended, 7)],
            await Task.WhenAll(entries.Select(async entry => ((await entry.Ended).End, (await entry.Ended).Seq))));
    }

    [Fact]
    public async Task A_store_that_is_away_holds_a_lane_no_longer_for_many_conversations_than_for_one()
    {
        // Each call hangs until its time-out.
        var log = Store(appends: _ => throw Hang());
        log.Reconciles = () => throw Hang();
        var began = _time.GetTimestamp();

        var entries = await CommitAsync(log, conversations: 100);

        foreach (var entry in entries) Assert.Equal(AppendEnd.Unknown, (await entry.Ended).End);
        Assert.InRange(_time.GetElapsedTime(began), _options.ResolveFor, 3 * _options.ResolveFor);

        TimeoutException Hang()
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            return new TimeoutException();
        }
    }

    [Fact]
    public async Task A_conversation_that_takes_all_the_time_leaves_its_neighbours_one_attempt_each()
    {
        var log = Store(appends: _ => false);
        log.TroubledId = _cursor.Id;

        var entries = await CommitAsync(log, conversations: 3);

        Assert.Equal(
            [AppendEnd.Unknown, AppendEnd.Appended, AppendEnd.Appended],
            await Task.WhenAll(entries.Select(async entry => (await entry.Ended).End)));
    }

    private Task ResolveAsync(Log log) => ResolveAsync(log, _entry);

    private Task ResolveAsync(Log log, params PendingEntry[] entries)
    {
        var resolution = new AppendResolution((IMessageLog)(object)log, _options, _time, NullLogger.Instance);
        return Eventually.CompletesAsync(
            "the end", resolution.ResolveAsync(_cursor, [.. entries], _time.GetTimestamp()));
    }

    /// <summary>One commit with an entry of each of so many conversations, the first <see cref="_cursor"/>'s.</summary>
    private async Task<PendingEntry[]> CommitAsync(Log log, int conversations)
    {
        var load = new LoadGauge(Options.Create(new OverloadOptions()), _time, NullLogger<LoadGauge>.Instance);
        var lane = new LogLane((IMessageLog)(object)log, _options, load, _time, NullLogger<LogLane>.Instance);
        PendingEntry[] entries =
        [
            _entry,
            .. Enumerable.Range(1, conversations - 1).Select(_ => EntryOf(
                new LogCursor(new ConversationId(Guid.NewGuid()), epoch: 1, lastSeq: 5))),
        ];
        foreach (var entry in entries) lane.Append(entry);
        lane.Stop();
        await Eventually.CompletesAsync("the lane's end", lane.RunAsync());
        return entries;
    }

    private static PendingEntry EntryOf(LogCursor cursor, UserId? sender = null) => new(
        cursor, sender ?? new UserId(Guid.NewGuid()), "m", DateTimeOffset.UnixEpoch,
        new Content { Kind = ContentKind.Text, Text = "hello" }, listFor: null);

    private static Log Store(Func<int, bool> appends)
    {
        var log = (Log)(object)DispatchProxy.Create<IMessageLog, Log>();
        log.Answer = appends;
        return log;
    }

#pragma warning disable CA1852 // A proxy derives from it.
    public class Log : DispatchProxy
    {
        internal Func<int, bool> Answer { get; set; } = null!;

        /// <summary>The only conversation to which <see cref="Answer"/> applies; null: to all.</summary>
        internal ConversationId? TroubledId { get; set; }

        internal Func<Reconciled>? Reconciles { get; set; }

        internal int Appends { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IMessageLog.ReconcileAsync) => Task.FromResult(
                Reconciles?.Invoke() ?? new Reconciled(1, 5, new FoundEntry?[((ICollection)args![1]!).Count])),
            // Whoever goes on for ever is stopped: it counts as a store that is away.
            nameof(IMessageLog.TryAppendAsync) => ++Appends > 10 * FewCalls
                ? throw new IOException("Too many calls.")
                : Task.FromResult(!IsTroubled((IReadOnlyList<NewEntry>)args![0]!) || Answer(Appends)),
            _ => throw new NotSupportedException(targetMethod.Name),
        };

        private bool IsTroubled(IReadOnlyList<NewEntry> entries) =>
            TroubledId is not { } troubled || entries.Any(entry => entry.ConversationId == troubled);
    }
#pragma warning restore CA1852
}
