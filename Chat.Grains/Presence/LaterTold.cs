using Chat.Overload;

namespace Chat.Presence;

/// <summary>
/// Who came or went while there is load: their watchers are told in rounds, and of each only how it stands by then.
/// </summary>
/// <param name="usual">How far apart rounds are without load.</param>
internal sealed class LaterTold(LoadGauge load, TimeSpan usual)
{
    private readonly HashSet<KnownUser> _users = [];
    private DateTimeOffset _toldAt;

    /// <returns>False: there is no load; tell now.</returns>
    public bool TryPutOff(KnownUser user)
    {
        if (load.Level < LoadLevel.SlowsPresence) return false;
        _users.Add(user);
        return true;
    }

    /// <summary>Those whose round has come: at once, where the load is over.</summary>
    public KnownUser[] TakeDue(DateTimeOffset now)
    {
        if (load.Level >= LoadLevel.SlowsPresence && now - _toldAt < load.PresenceApart(usual)) return [];
        _toldAt = now;
        if (_users.Count == 0) return [];
        KnownUser[] due = [.. _users];
        _users.Clear();
        return due;
    }
}
