using Chat.Client;
using Chat.Load.Accounts;

namespace Chat.Load.Direct;

/// <summary>
/// Bob's mark in one conversation, as an app sends it: one call at a time, and what comes meanwhile is in the next one,
/// for a mark means <i>all up to here</i>.
/// </summary>
internal sealed class DeliveryMark(
    ChatConnection bob, string conversationId, PairCounters counters, CancellationToken stop,
    string method = HubMethods.MarkDelivered)
{
    private readonly Lock _gate = new();
    private long _wanted;
    private long _marked;
    private bool _isMarking;

    public void Raise(long seq)
    {
        lock (_gate)
        {
            _wanted = Math.Max(_wanted, seq);
            if (_isMarking || _wanted == _marked) return;
            _isMarking = true;
        }

        _ = MarkAsync();
    }

    /// <summary>What was marked may have died with its gateway: marks all of it again.</summary>
    public void Again()
    {
        long wanted;
        lock (_gate) (wanted, _marked) = (_wanted, 0);
        if (wanted > 0) Raise(wanted);
    }

    private async Task MarkAsync()
    {
        try
        {
            while (TryNext(out var seq))
            {
                var request = new PlaceRequest { ConversationId = conversationId, Seq = seq };
                await Insistence.AskAsync(
                    () => bob.InvokeRawAsync<Watermarks>(method, request, stop),
                    stop,
                    counters.Resent).ConfigureAwait(false);
            }
        }
        catch (ChatException e)
        {
            // This receipt and later ones will be missing, which the check at the end tells.
            counters.Failed(e.Code);
        }
        catch (OperationCanceledException)
        {
            // The run is given up, and with it its figures.
        }
    }

    private bool TryNext(out long seq)
    {
        lock (_gate)
        {
            seq = _wanted;
            _isMarking = _wanted > _marked;
            if (_isMarking) _marked = _wanted;
            return _isMarking;
        }
    }
}
