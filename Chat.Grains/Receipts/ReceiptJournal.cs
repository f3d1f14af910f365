using System.Threading.Channels;
using Chat.Conversations;
using Chat.Ids;
using Chat.Overload;
using Chat.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Chat.Receipts;

/// <summary>
/// Writes the watermarks of a silo's conversations: gathers them per member, each second's last one, and flushes all of
/// them once a second in one transaction; somebody who waits for a mark to be durable has it flushed at once.
/// <para><b>Bound.</b> One more member than so many is refused; a flush that failed is put back, and while the store is
/// away a member's steps become coarser.</para>
/// <para><b>Not promised.</b> What was gathered and not written dies with the process; the gateways hold those marks
/// and give them again.</para>
/// </summary>
internal sealed partial class ReceiptJournal(
    IMessageLog log, LocalConversations conversations, IOptions<ReceiptOptions> options, LoadGauge load,
    TimeProvider time, ILogger<ReceiptJournal> logger)
    : BackgroundService
{
    private const int StepsMax = 16;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _urgent = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Dictionary<(ConversationId, UserId), Waiting> _waiting = [];

    /// <summary>One member's steps that are not written yet, at most one a second.</summary>
    private sealed class Waiting(MemberProgress progress)
    {
        /// <summary>Of the conversation as it is open now: it may have been opened anew since the first step.</summary>
        public MemberProgress Progress { get; set; } = progress;

        public List<(DateTimeOffset At, Watermarks Watermarks)> Steps { get; } = new(1);
        public TaskCompletionSource? Written { get; set; }

        /// <summary>
        /// Past the limit the last step becomes a later one: late is allowed, wrong is not. A conversation that was
        /// opened anew does not know the steps that wait, and may be behind them.
        /// </summary>
        public void Add(DateTimeOffset at, Watermarks watermarks)
        {
            if (Steps.Count > 0) watermarks = Steps[^1].Watermarks.RaisedBy(watermarks);
            if (Steps.Count > 0 && (Steps[^1].At == at || Steps.Count == StepsMax)) Steps[^1] = (at, watermarks);
            else Steps.Add((at, watermarks));
        }
    }

    /// <summary>Gathers a raised watermark for the next flush.</summary>
    /// <param name="at">Whole seconds.</param>
    /// <returns>False: too many wait already; nothing was taken.</returns>
    public bool TryGather(ConversationId conversation, UserId user, MemberProgress progress, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue((conversation, user), out var waiting))
            {
                if (_waiting.Count >= options.Value.WaitingMembersMax) return false;
                _waiting[(conversation, user)] = waiting = new Waiting(progress);
            }

            waiting.Progress = progress;
            waiting.Add(at, progress.Current);
            return true;
        }
    }

    /// <summary>Has this member's gathered marks written now; done at once where none wait.</summary>
    public Task FlushAsync(ConversationId conversation, UserId user, MemberProgress progress)
    {
        Task written;
        lock (_lock)
        {
            if (!_waiting.TryGetValue((conversation, user), out var waiting))
            {
                // Either durable, or in the flush that is under way: a step that repeats it is ordered behind that.
                if (progress.Durable.Covers(progress.Current)) return Task.CompletedTask;
                _waiting[(conversation, user)] = waiting = new Waiting(progress);
                waiting.Add(WholeSecond(time.GetUtcNow()), progress.Current);
            }

            waiting.Progress = progress;
            waiting.Written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            written = waiting.Written.Task;
        }

        _urgent.Writer.TryWrite(true);
        return written;
    }

    public static DateTimeOffset WholeSecond(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(urgentOnly: false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lastFull = time.GetTimestamp();
        try
        {
            while (true)
            {
                var usual = options.Value.FlushEvery;
                var left = load.ReceiptsApart(usual) - time.GetElapsedTime(lastFull);
                if (left > TimeSpan.Zero)
                {
                    // Load comes and goes meanwhile: held receipts may be what everybody waits for.
                    var wait = left < usual ? left : usual;
                    if (await IsUrgentWithinAsync(wait, stoppingToken)) await FlushAsync(urgentOnly: true);
                    continue;
                }

                await FlushAsync(urgentOnly: false);
                lastFull = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync writes what is left.
        }
    }

    private async Task<bool> IsUrgentWithinAsync(TimeSpan wait, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(wait, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            await _urgent.Reader.ReadAsync(over.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task FlushAsync(bool urgentOnly)
    {
        var taken = Take(urgentOnly);
        if (taken.Count == 0) return;
        foreach (var batch in taken.Chunk(options.Value.BatchStepsMax)) await WriteAsync(batch);
    }

    private List<KeyValuePair<(ConversationId Conversation, UserId User), Waiting>> Take(bool urgentOnly)
    {
        lock (_lock)
        {
            var taken = _waiting.Where(member => !urgentOnly || member.Value.Written is not null).ToList();
            if (taken.Count == _waiting.Count) _waiting = [];
            else foreach (var member in taken) _waiting.Remove(member.Key);
            return taken;
        }
    }

    private async Task WriteAsync(KeyValuePair<(ConversationId Conversation, UserId User), Waiting>[] batch)
    {
        var steps = new List<WatermarkStep>(batch.Length);
        foreach (var ((conversation, user), waiting) in batch)
            foreach (var (at, watermarks) in waiting.Steps)
                steps.Add(new WatermarkStep(conversation, user, watermarks, at));
        try
        {
            await log.RaiseWatermarksAsync(steps, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Nobody is told that they are durable: the gateways hold these marks in case this process dies.
            LogFlushFailed(steps.Count, e);
            PutBack(batch);
            foreach (var member in batch) member.Value.Written?.TrySetException(e);
            return;
        }

        foreach (var ((conversation, user), waiting) in batch)
        {
            waiting.Progress.RaiseDurable(waiting.Steps[^1].Watermarks);
            if (waiting.Progress.IsPushOwed()) PushAgain(conversation, user, waiting.Progress);
            waiting.Written?.TrySetResult();
        }
    }

    private async void PushAgain(ConversationId conversation, UserId user, MemberProgress progress)
    {
        try
        {
            if (conversations.Find(conversation) is { } open && await open.PushAgainAsync(user, progress)) return;
        }
        catch (Exception e)
        {
            // A member's grain is away: the others need not miss it with him.
            LogPushFailed(conversation, e);
        }

        progress.TellToResume();
    }

    /// <summary>Another flush will try again: nobody but the gateways may know these marks, and they can die.</summary>
    private void PutBack(KeyValuePair<(ConversationId Conversation, UserId User), Waiting>[] batch)
    {
        lock (_lock)
        {
            foreach (var (member, failed) in batch)
            {
                var again = new Waiting(failed.Progress);
                foreach (var (at, watermarks) in failed.Steps) again.Add(at, watermarks);
                if (_waiting.TryGetValue(member, out var newer))
                {
                    foreach (var (at, watermarks) in newer.Steps) again.Add(at, watermarks);
                    again.Written = newer.Written;
                    again.Progress = newer.Progress;
                }

                _waiting[member] = again;
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Steps} watermarks could not be written yet")]
    private partial void LogFlushFailed(int steps, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "A receipt of conversation {Conversation} could not be pushed again")]
    private partial void LogPushFailed(ConversationId conversation, Exception exception);
}
