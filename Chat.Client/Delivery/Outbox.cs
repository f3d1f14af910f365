namespace Chat.Client;

/// <summary>
/// Sends that are not answered yet. Each is sent, and sent again under the same id, until it is answered or refused for
/// good: over reconnects, unanswered calls and retryable refusals. Sends to one conversation go one after another, so
/// that a refusal in between can't change their order; conversations don't wait for one another.
/// </summary>
/// <remarks>
/// Thread-safe. Full (<see cref="ChatConnectionOptions.OutboxMax"/>): refused at once as <c>outbox_full</c>. Not
/// promised: that anything outlives this process; an app that needs that stores its ids and sends again.
/// </remarks>
internal sealed class Outbox(
    ChatConnectionOptions options, LinkSlot slot, BackOff backOff, Action<SendRequest, SendAnswer> answered)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<PendingSend>> _lanes = new(StringComparer.Ordinal);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Task<SendAnswer> SendAsync(SendRequest request, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<SendAnswer>(cancellation);
        var send = new PendingSend(request, cancellation);
        lock (_gate)
        {
            if (_count >= options.OutboxMax) return Task.FromException<SendAnswer>(Full());
            _count++;
            var conversation = request.ConversationId ?? "";
            if (_lanes.TryGetValue(conversation, out var lane))
            {
                lane.Enqueue(send);
                return send.Answer;
            }

            _lanes.Add(conversation, lane = new Queue<PendingSend>());
            lane.Enqueue(send);
            _ = RunAsync(conversation, lane);
        }

        return send.Answer;
    }

    private async Task RunAsync(string conversation, Queue<PendingSend> lane)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            PendingSend send;
            lock (_gate)
            {
                if (!lane.TryPeek(out var next))
                {
                    _lanes.Remove(conversation);
                    return;
                }

                send = next;
            }

            try
            {
                await DeliverAsync(send).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // Its caller gets it; the lane goes on with the next.
                send.Fail(e);
            }

            lock (_gate)
            {
                lane.Dequeue();
                _count--;
            }
        }
    }

    private async Task DeliverAsync(PendingSend send)
    {
        for (var attempt = 0; !send.Answer.IsCompleted; attempt++)
        {
            var link = await slot.WhenReadyAsync().ConfigureAwait(false);
            // Cancelled before it was ever sent: then it isn't.
            if (send.Answer.IsCompleted) return;
            try
            {
                var answer = await link.CallAsync<SendAnswer>(HubMethods.Send, send.Request, CancellationToken.None)
                    .WaitAsync(options.SendTimeout, options.Time)
                    .ConfigureAwait(false);
                answered(send.Request, answer);
                send.Succeed(answer);
                return;
            }
            catch (ChatException e) when (e.Code == ErrorCodes.Disconnected)
            {
                // Whether it arrived is unknown: it goes again, under its id, on the next link.
            }
            catch (ChatException e) when (e.Retryable)
            {
                await Task.Delay(backOff.Wait(attempt, e.RetryAfter), options.Time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // As above, but the link may be as good as any; no wait beyond the one that it had.
            }
        }
    }

    private static ChatException Full() =>
        new(ErrorCodes.OutboxFull, "Too many sends are unanswered; this one was not sent.", retryable: true);
}
