using System.Diagnostics;
using Chat.Client;
using Chat.Load.Measuring;

namespace Chat.Load.Storm;

/// <summary>
/// One message until it is acknowledged: sent again under its id whenever nothing came for <see cref="Patience"/>, and
/// after what a refusal asks for, with the back-off of <c>Chat.Client</c> on top.
/// </summary>
internal sealed class ImpatientSend(
    ChatConnection device, SendRequest request, Tally tally, CancellationToken stop)
{
    /// <summary>Calls of one message that may be unanswered; beyond that it waits for one of them.</summary>
    private const int CallsMax = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BackOffFirst = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource<Accepted> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task<ChatException?>> _calls = [];

    /// <returns>Null: refused for good.</returns>
    public async Task<Accepted?> RunAsync()
    {
        for (var refusals = 0; ;)
        {
            var call = CallAsync();
            _calls.Add(call);
            await Task.WhenAny(call, _accepted.Task, Task.Delay(Patience, stop)).ConfigureAwait(false);
            if (_accepted.Task.IsCompletedSuccessfully) return await _accepted.Task.ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (call.IsCompleted && await call.ConfigureAwait(false) is { } refusal)
            {
                if (!refusal.Retryable) return null;
                await Task.WhenAny(_accepted.Task, Task.Delay(Wait(refusals++, refusal.RetryAfter), stop))
                    .ConfigureAwait(false);
            }
            else
            {
                tally.Add(StormCounts.Resent);
            }

            _calls.RemoveAll(done => done.IsCompleted);
            if (_calls.Count >= CallsMax) await Task.WhenAny(_calls).ConfigureAwait(false);
            if (_accepted.Task.IsCompletedSuccessfully) return await _accepted.Task.ConfigureAwait(false);
        }
    }

    /// <returns>Null: it is acknowledged.</returns>
    private async Task<ChatException?> CallAsync()
    {
        var calledAt = Stopwatch.GetTimestamp();
        try
        {
            var answer = await device.InvokeRawAsync<SendAnswer>(HubMethods.Send, request, stop).ConfigureAwait(false);
            _accepted.TrySetResult(new Accepted(answer.Seq, Stopwatch.GetElapsedTime(calledAt)));
            return null;
        }
        catch (ChatException refusal)
        {
            tally.Add((refusal.Retryable ? StormCounts.Refused : StormCounts.Failed) + refusal.Code);
            return refusal;
        }
    }

    private static TimeSpan Wait(int refusals, TimeSpan? atLeast)
    {
        var ceiling = Math.Min(BackOffMax.Ticks, BackOffFirst.Ticks * Math.Pow(2, Math.Min(refusals, 20)));
        return (atLeast ?? TimeSpan.Zero) + TimeSpan.FromTicks((long)(ceiling * Random.Shared.NextDouble()));
    }
}

/// <summary>An ack.</summary>
/// <param name="Took">From the call that it answers.</param>
internal readonly record struct Accepted(long Seq, TimeSpan Took);
