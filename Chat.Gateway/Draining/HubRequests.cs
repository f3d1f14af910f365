namespace Chat.Gateway.Draining;

/// <summary>
/// The hub's requests under way. A WebSocket's lasts until both sides have said that they close, longer than the
/// connection that SignalR makes of it.
/// </summary>
internal sealed class HubRequests
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Those, and one until somebody waits for their end.</summary>
    private int _holders = 1;

    private int _isAwaited;

    public async Task CountAsync(HttpContext http, RequestDelegate request)
    {
        Interlocked.Increment(ref _holders);
        try
        {
            await request(http);
        }
        finally
        {
            LetGo();
        }
    }

    /// <summary>Done once none is under way; for when no new ones are let in.</summary>
    public Task AllEndedAsync()
    {
        if (Interlocked.Exchange(ref _isAwaited, 1) == 0) LetGo();
        return _ended.Task;
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0) _ended.TrySetResult();
    }
}
