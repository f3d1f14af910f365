using Microsoft.Extensions.Logging;

namespace Chat.Client;

/// <summary>
/// Marks as delivered what the device got and as read what the app said, at most one call a conversation at a time and
/// a few in all: what comes meanwhile is covered by the next call, since a mark means <i>all up to here</i>. After each
/// connect it marks again what the server has not confirmed as durable.
/// </summary>
/// <remarks>Thread-safe. It holds one small record per conversation and nothing per entry.</remarks>
internal sealed partial class MarkSender(ChatConnectionOptions options, LinkSlot slot, BackOff backOff, ILogger logger)
{
    /// <summary>Calls under way at once; others wait and coalesce.</summary>
    private const int UnderWayMax = 16;

    private readonly Lock _gate = new();
    private readonly List<ConversationMarks> _all = [];
    private readonly Queue<ConversationMarks> _queue = new();
    private int _lanes;

    /// <summary>The device holds, and has raised, all up to <paramref name="seq"/>, which is somebody else's.</summary>
    public void Got(ConversationMarks marks, long seq)
    {
        if (!options.MarksDelivered) return;
        lock (_gate)
        {
            if (seq <= marks.DeliveredWanted) return;
            Known(marks);
            marks.DeliveredWanted = seq;
            Enqueue(marks);
            StartLanes(1);
        }
    }

    /// <summary>
    /// The app marks as read by a call of its own; remembered, to be marked again after the next connect.
    /// </summary>
    public void Reading(ConversationMarks marks, long seq)
    {
        lock (_gate)
        {
            if (seq <= marks.ReadWanted) return;
            Known(marks);
            marks.ReadWanted = seq;
            marks.ReadMarked = seq;
        }
    }

    /// <summary>What an earlier run of the device had.</summary>
    public void Restore(ConversationMarks marks, long held, long read)
    {
        lock (_gate)
        {
            Known(marks);
            (marks.DeliveredWanted, marks.ReadWanted) = (options.MarksDelivered ? held : 0, read);
        }
    }

    /// <summary>The store says how far the caller is.</summary>
    public void Confirm(ConversationMarks marks, long delivered, long read)
    {
        lock (_gate)
        {
            marks.DeliveredConfirmed = Math.Max(marks.DeliveredConfirmed, delivered);
            marks.ReadConfirmed = Math.Max(marks.ReadConfirmed, read);
            marks.DeliveredMarked = Math.Max(marks.DeliveredMarked, delivered);
            marks.ReadMarked = Math.Max(marks.ReadMarked, read);
        }
    }

    /// <summary>A new link: marks again.</summary>
    public void Again()
    {
        lock (_gate)
        {
            foreach (var marks in _all)
            {
                marks.Forget();
                Enqueue(marks);
            }

            StartLanes(_queue.Count);
        }
    }

    private void Known(ConversationMarks marks)
    {
        if (marks.IsKnown) return;
        marks.IsKnown = true;
        _all.Add(marks);
    }

    private void Enqueue(ConversationMarks marks)
    {
        if (marks.IsQueued || marks.Next is null) return;
        marks.IsQueued = true;
        _queue.Enqueue(marks);
    }

    private void StartLanes(int wanted)
    {
        if (slot.Current is null) return;
        for (; wanted > 0 && _queue.Count > 0 && _lanes < UnderWayMax; wanted--)
        {
            _lanes++;
            _ = RunLaneAsync();
        }
    }

    private async Task RunLaneAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var attempt = 0;
        while (TryTake(out var link, out var marks, out var method, out var seq))
        {
            try
            {
                var request = new PlaceRequest { ConversationId = marks.ConversationId, Seq = seq };
                await link.CallAsync<Watermarks>(method, request, CancellationToken.None).ConfigureAwait(false);
                attempt = 0;
                Return(link, marks, method, seq);
            }
            catch (ChatException e) when (e.Code == ErrorCodes.Disconnected)
            {
                // Marked again on the next link.
                Return(null, marks, method, seq);
            }
            catch (ChatException e) when (e.Retryable)
            {
                await Task.Delay(backOff.Wait(attempt++, e.RetryAfter), options.Time).ConfigureAwait(false);
                Return(null, marks, method, seq);
            }
            catch (Exception e)
            {
                // Nothing is lost but a tick; the next connect tries again.
                LogMarkRefused(e, (e as ChatException)?.Code, marks.ConversationId);
                Return(link, marks, method, seq);
            }
        }
    }

    private bool TryTake(out HubLink link, out ConversationMarks marks, out string method, out long seq)
    {
        lock (_gate)
        {
            while (slot.Current is { } current && _queue.TryDequeue(out var next))
            {
                next.IsQueued = false;
                if (next.Next is not { } mark) continue;
                next.IsQueued = true;
                (link, marks, (method, seq)) = (current, next, mark);
                return true;
            }

            _lanes--;
            (link, marks, method, seq) = (null!, null!, "", 0);
            return false;
        }
    }

    /// <summary>The conversation's call is over; if it wants more by now, it queues again.</summary>
    private void Return(HubLink? doneOn, ConversationMarks marks, string method, long seq)
    {
        lock (_gate)
        {
            // An answer that outlived its link counts for nothing: that gateway may have died with the mark.
            if (doneOn is not null && doneOn == slot.Current) marks.Marked(method, seq);
            marks.IsQueued = false;
            if (marks.Next is null) return;
            marks.IsQueued = true;
            _queue.Enqueue(marks);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mark was refused ({Code}) in {ConversationId}")]
    private partial void LogMarkRefused(Exception e, string? code, string conversationId);
}
