using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Direct;

namespace Chat.Load.Groups;

/// <summary>
/// One member online: takes each post once, whether pushed or, where the server said that pushes may be lost, read.
/// </summary>
/// <remarks>Thread-safe: a read may run beside the pushes.</remarks>
internal sealed class Listener
{
    private const int PageMax = 200;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _got = [];
    private readonly HashSet<int> _pushed = [];
    private readonly ChatConnection _device;
    private readonly GroupRun _run;
    private readonly DeliveryMark _reading;
    private readonly CancellationToken _stop;
    private long _readTo;

    public Listener(ChatConnection device, GroupRun run, long fromSeq, CancellationToken stop)
    {
        (_device, _run, _readTo, _stop) = (device, run, fromSeq, stop);
        _reading = new DeliveryMark(device, run.ConversationId, run.Counters, stop, HubMethods.MarkRead);
        device.MessageAppended += entry => OnMessage(entry.Message, isPush: true);
        device.ReceiptAdvanced += _ => run.Recorder.Receipt();
        device.ReceiptCounts += _ => run.Recorder.Receipt();
        device.ResyncRequired += _ => Repair();
        // Made when it is connected already: each further connect is a reconnect.
        device.StateChanged += change =>
        {
            if (change.State == ConnectionState.Connected) Repair();
        };
    }

    private void OnMessage(Message message, bool isPush)
    {
        if (message.ConversationId == _run.ConversationId && message.Content.Kind == ContentKinds.System) return;
        if (message.ConversationId != _run.ConversationId
            || !_run.Ids.TryRead(message.ClientMessageId, out var sender, out var post)
            || sender >= _run.SenderIds.Count
            || message.SenderId != _run.SenderIds[sender]
            || message.Content.Text != _run.Content.Text)
        {
            _run.Counters.Foreign();
            return;
        }

        var isOwn = message.SenderId == _device.UserId;
        // One's own comes to other connections only.
        if (isOwn && isPush) _run.Ledger.Repeated();
        if (isOwn || !Takes(post, isPush)) return;
        if (_run.Ledger.Delivered(post, message.Seq)) _run.Completed(sender);
        if (_run.EverybodyReads) _reading.Raise(message.Seq);
    }

    private bool Takes(int post, bool isPush)
    {
        lock (_gate)
        {
            if (isPush && !_pushed.Add(post))
            {
                _run.Ledger.Repeated();
                return false;
            }

            return _got.Add(post);
        }
    }

    private void Repair()
    {
        _run.Counters.Repaired();
        _ = RepairAsync();
    }

    private async Task RepairAsync()
    {
        try
        {
            await Insistence.AskAsync(ReadAsync, _stop, _run.Counters.Resent).ConfigureAwait(false);
        }
        catch (ChatException e)
        {
            // What is missing then stays so until the check at the end.
            _run.Counters.Failed(e.Code);
        }
        catch (OperationCanceledException)
        {
            // The run is given up, and with it its figures.
        }
    }

    /// <returns>True: it is done.</returns>
    private async Task<bool> ReadAsync()
    {
        while (true)
        {
            var after = Volatile.Read(ref _readTo);
            var page = await _device.GetHistoryAsync(
                _run.ConversationId, after: after, limit: PageMax, cancellation: _stop).ConfigureAwait(false);
            foreach (var message in page.Messages) OnMessage(message, isPush: false);
            if (page.Messages.Count > 0) Volatile.Write(ref _readTo, page.Messages[^1].Seq);
            if (!page.HasMore || page.Messages.Count == 0) break;
        }

        if (_run.EverybodyReads) _reading.Again();
        return true;
    }
}
