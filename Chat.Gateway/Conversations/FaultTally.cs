namespace Chat.Gateway.Conversations;

/// <summary>Counts what fails by the thousand while a silo is away, for a line of the log now and then.</summary>
/// <typeparam name="TSubject">Whose call failed.</typeparam>
internal sealed class FaultTally<TSubject>
{
    private readonly Lock _lock = new();
    private int _count;
    private (TSubject Of, Exception Why) _latest;

    public void Add(TSubject of, Exception why)
    {
        lock (_lock)
        {
            _count++;
            _latest = (of, why);
        }
    }

    /// <returns>False: nothing failed since the last time.</returns>
    public bool TryTake(out int count, out (TSubject Of, Exception Why) latest)
    {
        lock (_lock)
        {
            (count, latest) = (_count, _latest);
            (_count, _latest) = (0, default);
            return count > 0;
        }
    }
}
