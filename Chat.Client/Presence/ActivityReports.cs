namespace Chat.Client;

/// <summary>Tells the server that the user touches the app, once in a while on one connection.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ActivityReports(LinkSlot slot, TimeSpan apart, TimeProvider time)
{
    private readonly Lock _gate = new();
    private HubLink? _link;
    private long _reportedAt;

    public async Task ReportAsync(CancellationToken cancellation)
    {
        var link = slot.Require();
        if (!TryTake(link)) return;
        try
        {
            await link.CallAsync<Nothing>(HubMethods.ReportActivity, Nothing.Value, cancellation)
                .ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
                if (_link == link) _link = null;
            throw;
        }
    }

    private bool TryTake(HubLink link)
    {
        lock (_gate)
        {
            if (_link == link && time.GetElapsedTime(_reportedAt) < apart) return false;
            (_link, _reportedAt) = (link, time.GetTimestamp());
            return true;
        }
    }
}
