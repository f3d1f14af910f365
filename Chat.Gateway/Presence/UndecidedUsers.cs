using Chat.Ids;
using Chat.Presence;

namespace Chat.Gateway.Presence;

/// <summary>
/// Users of one share whose connections here may watch by an outdated decision: the push that said so may be lost. Told
/// by the share's renewals, kept until it has been decided anew.
/// </summary>
/// <param name="lease">A presence grain remembers for so long who has changed his privacy.</param>
internal sealed class UndecidedUsers(TimeSpan lease, TimeProvider time)
{
    private readonly HashSet<UserId> _users = [];
    private long? _begun;
    private long _askedAt;

    /// <summary>Those whom the grain names; all of them, where it has begun anew or too much time has passed.</summary>
    public void Heard(PresenceView view, IEnumerable<Activity> connected, long askedAt)
    {
        var isWhole = view.Begun == _begun && time.GetElapsedTime(_askedAt) < lease;
        _users.UnionWith(isWhole ? view.PrivacyChanged ?? [] : connected.Select(activity => activity.User));
        (_begun, _askedAt) = (view.Begun, askedAt);
    }

    public UserId[] Snapshot() => [.. _users];

    public void Decided(UserId user) => _users.Remove(user);
}
