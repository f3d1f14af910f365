using Chat.Delivery;
using Chat.Gateway.Delivery;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Presence;
using Chat.Refusals;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Presence;

/// <summary>
/// Whom this gateway's connections watch. A watch begins with a call; it ends here at once, and at its presence grain
/// with the next renewal.
/// <para><b>Invariant.</b> A connection is told nothing of a user to whom its own user does not show himself.</para>
/// </summary>
internal sealed partial class Watches(
    WatchIndex index, ConnectionRegistry connections, ActivityOutbox activity, IGrainFactory grains,
    SiloDirectory silos, RenewalTimes renewals, IOptions<ChatLimits> limits, IOptions<PresenceOptions> options,
    ILogger<Watches> logger)
{
    public async Task<Answer<PresenceList>> WatchAsync(ClientConnection connection, WatchRequest request)
    {
        var watched = connection.StartWatching();
        if (watched.TryAdd(request.Users, limits.Value.WatchedUsers) is not { } added)
            return Refusal.Invalid($"At most {limits.Value.WatchedUsers} users can be watched by one connection.");
        foreach (var user in added) index.Add(user, connection);
        try
        {
            var seen = await LookAsync(connection, watched, request.Users);
            // Whoever leaves takes away what was watched by then; the rest is up to the call that came later.
            if (connection.HasLeft) Unwatch(connection, added);
            return new PresenceList([
                .. request.Users.Select(user => ShownPresence.Of(seen.GetValueOrDefault(user), user.ToString())),
                .. request.Strangers.Select(id => ShownPresence.Of(null, id))]);
        }
        catch
        {
            Unwatch(connection, added);
            throw;
        }
    }

    public void Unwatch(ClientConnection connection, IEnumerable<UserId> users)
    {
        if (connection.Watching is not { } watched) return;
        foreach (var user in users)
            if (watched.Remove(user)) index.Remove(user, connection);
    }

    /// <summary>The connection ends.</summary>
    public void Leave(ClientConnection connection)
    {
        connection.HasLeft = true;
        if (connection.Watching is { } watched) Unwatch(connection, watched.Snapshot());
    }

    /// <summary>
    /// A user has changed whom he shows himself to: decides anew whom his connections here may see. Never throws.
    /// </summary>
    public async Task DecideAnewAsync(UserId user)
    {
        try
        {
            foreach (var connection in connections.Of(user))
            {
                if (connection.Watching is not { } watched) continue;
                var users = watched.Snapshot();
                foreach (var presence in (await LookAsync(connection, watched, users, tellsChanges: true)).Values)
                    Tell(connection, presence);
            }
        }
        catch (Exception e)
        {
            // Until the renewal of his own share he sees what the others show him.
            LogNotDecided(user, e);
        }
    }

    /// <summary>
    /// As <see cref="DecideAnewAsync"/>, for a renewal: whom he hides from he sees no more, and the others again with
    /// the renewals of their shares. Throws where it can't be decided.
    /// </summary>
    public async Task DecideLateAsync(UserId user)
    {
        foreach (var connection in connections.Of(user))
            if (connection.Watching is { } watched) await DecideAsync(connection, watched, watched.Snapshot());
    }

    public static void Tell(ClientConnection connection, UserPresence presence)
    {
        if (connection.Watching?.TryTell(presence) == true) connection.Push(Encode(presence));
    }

    /// <summary>Has the watcher's own settings decide, then asks the presence grains.</summary>
    /// <returns>What he may see now.</returns>
    private async Task<Dictionary<UserId, UserPresence>> LookAsync(
        ClientConnection connection, WatchedUsers watched, UserId[] users, bool tellsChanges = false)
    {
        var seen = new Dictionary<UserId, UserPresence>(users.Length);
        var shown = await DecideAsync(connection, watched, users);
        UserId[] watcher = [connection.User];
        var views = shown.GroupBy(user => PresenceShards.Of(user, options.Value.Shards)).Select(async shard =>
        {
            // Taken once they are in the index and decided: a renewal of a later version has them.
            var version = activity.TakeVersion(shard.Key);
            var asked = shard.Select(user => new Watched(user, watcher, version)).ToArray();
            var view = await grains.GetPresence(shard.Key).Watch(silos.Local, asked);
            renewals.Heard(shard.Key, view);
            return view;
        });
        foreach (var view in await Task.WhenAll(views))
        {
            foreach (var presence in view.Users)
            {
                seen[presence.UserId] = presence;
                if (!tellsChanges) watched.TryTell(presence);
            }
        }

        return seen;
    }

    /// <returns>Those to whom the watcher shows himself by his own settings.</returns>
    private async Task<UserId[]> DecideAsync(ClientConnection connection, WatchedUsers watched, UserId[] users)
    {
        if (users.Length == 0) return [];
        var shown = await grains.GetUserSettings(connection.User).ShowsPresenceTo(users);
        foreach (var vanished in watched.Decide(users, [.. shown]))
            connection.Push(Encode(UserPresence.Hidden(vanished)));
        return shown;
    }

    public static SerializedHubMessage Encode(UserPresence presence) =>
        new(new InvocationMessage(ServerCallbacks.PresenceChanged, [presence]));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watches of user {User} could not be decided anew")]
    private partial void LogNotDecided(UserId user, Exception exception);
}
