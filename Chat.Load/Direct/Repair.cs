using Chat.Client;
using Chat.Load.Accounts;

namespace Chat.Load.Direct;

/// <summary>
/// Asks for what may have been missed, where the server or the socket said that something may have been: after a
/// <c>ResyncRequired</c> or a reconnect. Without such a word a missing push stays missing, and is a fault.
/// </summary>
internal sealed class Repair
{
    private readonly ChatConnection _alice;
    private readonly ChatConnection _bob;
    private readonly Pair _pair;
    private readonly PairCounters _counters;
    private readonly CancellationToken _stop;

    public Repair(
        ChatConnection alice, ChatConnection bob, Pair pair, PairCounters counters, CancellationToken stop)
    {
        (_alice, _bob, _pair, _counters, _stop) = (alice, bob, pair, counters, stop);
        alice.ResyncRequired += _ => Start(ReadReceiptsAsync);
        alice.StateChanged += change => OnStateChanged(change, ReadReceiptsAsync);
        bob.ResyncRequired += _ => Start(ReadMessagesAsync);
        bob.StateChanged += change => OnStateChanged(change, ReadMessagesAsync);
    }

    /// <summary>The pair is made when both are connected already: each further connect is a reconnect.</summary>
    private void OnStateChanged(StateChange change, Func<Task<bool>> read)
    {
        if (change.State == ConnectionState.Connected) Start(read);
    }

    private void Start(Func<Task<bool>> read)
    {
        _counters.Repaired();
        _ = InsistAsync(read);
    }

    private async Task InsistAsync(Func<Task<bool>> read)
    {
        try
        {
            await Insistence.AskAsync(read, _stop, _counters.Resent).ConfigureAwait(false);
        }
        catch (ChatException e)
        {
            // What is missing then stays so until the check at the end.
            _counters.Failed(e.Code);
        }
        catch (OperationCanceledException)
        {
            // The run is given up, and with it its figures.
        }
    }

    /// <returns>True: it is done.</returns>
    private async Task<bool> ReadMessagesAsync()
    {
        for (var after = _pair.Ledger.HeldTo; ;)
        {
            var page = await _bob.GetHistoryAsync(_pair.ConversationId, after: after, cancellation: _stop)
                .ConfigureAwait(false);
            foreach (var message in page.Messages) _pair.OnMessage(message, isPush: false);
            if (!page.HasMore || page.Messages.Count == 0) break;
            after = page.Messages[^1].Seq;
        }

        _pair.MarkAgain();
        return true;
    }

    /// <returns>True: it is done.</returns>
    private async Task<bool> ReadReceiptsAsync()
    {
        var conversation = await _alice.OpenDirectAsync(_bob.UserId, _stop).ConfigureAwait(false);
        var bob = conversation.Members?.FirstOrDefault(member => member.UserId == _bob.UserId);
        if (bob is not null) _pair.OnReceipt(bob.DeliveredSeq);
        return true;
    }
}
