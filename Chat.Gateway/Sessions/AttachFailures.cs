using Chat.Ids;

namespace Chat.Gateway.Sessions;

/// <summary>Counts what fails by the thousand while a silo is away, for one line of the log a second.</summary>
internal sealed class AttachFailures
{
    private readonly Lock _lock = new();
    private int _count;
    private (UserId User, Exception Why) _latest;

    public void Add(UserId user, Exception why)
    {
        lock (_lock)
        {
            _count++;
            _latest = (user, why);
        }
    }

    /// <returns>False: nothing failed since the last time.</returns>
    public bool TryTake(out int count, out (UserId User, Exception Why) latest)
    {
        lock (_lock)
        {
            (count, latest) = (_count, _latest);
            (_count, _latest) = (0, default);
            return count > 0;
        }
    }
}
