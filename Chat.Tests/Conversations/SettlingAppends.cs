using System.Reflection;
using Chat.Conversations;
using Chat.Ids;
using Chat.Storage;
using Chat.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chat.Tests.Conversations;

/// <summary>What became of an append is asked for as long as its sender waits, and not as fast as can be.</summary>
public sealed class SettlingAppends
{
    private const int FewCalls = 100;

    private readonly LogCursor _cursor = new(new ConversationId(Guid.NewGuid()), epoch: 1, lastSeq: 5);
    private readonly PendingEntry _entry;

    public SettlingAppends() => _entry = new PendingEntry(
        _cursor, new UserId(Guid.NewGuid()), "m", DateTimeOffset.UnixEpoch,
        new Content { Kind = ContentKind.Text, Text = "hello" }, listFor: null);

    [Fact]
    public async Task A_store_that_says_no_and_not_why_is_asked_for_a_bounded_time_with_pauses()
    {
        var log = Store(appends: _ => false);
        var resolution = new AppendResolution(
            (IMessageLog)(object)log, new LogOptions(), new PassingTime(), NullLogger.Instance);

        await Eventually.CompletesAsync("the end", resolution.ResolveAsync(_cursor, [_entry]));

        Assert.Equal(AppendEnd.Unknown, (await _entry.Ended).End);
        Assert.True(_cursor.IsClosed);
        Assert.InRange(log.Appends, 2, FewCalls);
    }

    [Fact]
    public async Task A_store_that_says_yes_after_all_has_it_appended()
    {
        var log = Store(appends: call => call == 3);
        var resolution = new AppendResolution(
            (IMessageLog)(object)log, new LogOptions(), new PassingTime(), NullLogger.Instance);

        await Eventually.CompletesAsync("the end", resolution.ResolveAsync(_cursor, [_entry]));

        Assert.Equal((AppendEnd.Appended, 6L), ((await _entry.Ended).End, (await _entry.Ended).Seq));
    }

    private static Log Store(Func<int, bool> appends)
    {
        var log = (Log)(object)DispatchProxy.Create<IMessageLog, Log>();
        log.Answer = appends;
        return log;
    }

    /// <summary>A clock on which whoever waits has waited.</summary>
    private sealed class PassingTime : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime);
            return timer;
        }
    }

#pragma warning disable CA1852 // A proxy derives from it.
    public class Log : DispatchProxy
    {
        internal Func<int, bool> Answer { get; set; } = null!;

        internal int Appends { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IMessageLog.ReconcileAsync) => Task.FromResult(new Reconciled(1, 5, [null])),
            // Whoever goes on for ever is stopped: it counts as a store that is away.
            nameof(IMessageLog.TryAppendAsync) => ++Appends > 10 * FewCalls
                ? throw new IOException("Too many calls.")
                : Task.FromResult(Answer(Appends)),
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }
#pragma warning restore CA1852
}
