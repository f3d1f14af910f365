using Microsoft.Extensions.Logging;

namespace Chat.Client;

/// <summary>Who is watched: a connection's watches end with it, so each new one watches them again.</summary>
/// <remarks>Thread-safe. It holds what the server accepted, which the server limits.</remarks>
internal sealed partial class Watches(
    LinkSlot slot, Inbox inbox, BackOff backOff, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);

    /// <summary>The link on which a refused asking waits to go again: one at most.</summary>
    private HubLink? _waiting;

    public async Task<IReadOnlyList<Presence>> WatchAsync(
        IReadOnlyList<string> userIds, CancellationToken cancellation)
    {
        var request = new UsersRequest { UserIds = userIds };
        var answer = await slot.Require().CallAsync<PresenceList>(HubMethods.Watch, request, cancellation)
            .ConfigureAwait(false);
        lock (_gate) _watched.UnionWith(userIds);
        return answer.Presence;
    }

    public async Task UnwatchAsync(IReadOnlyList<string> userIds, CancellationToken cancellation)
    {
        // First, so that no reconnect in between watches them again.
        lock (_gate) _watched.ExceptWith(userIds);
        var request = new UsersRequest { UserIds = userIds };
        await slot.Require().CallAsync<Nothing>(HubMethods.Unwatch, request, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Watches all again, and raises what is found. Refused for now, it goes again until it is let in or the link is
    /// over.
    /// </summary>
    public void Again(HubLink link) => _ = AgainAsync(link);

    private async Task AgainAsync(HubLink link)
    {
        for (var attempt = 0; TryCopy(link, out var watched); attempt++)
        {
            try
            {
                var request = new UsersRequest { UserIds = watched };
                var answer = await link.CallAsync<PresenceList>(HubMethods.Watch, request, CancellationToken.None)
                    .ConfigureAwait(false);
                foreach (var presence in answer.Presence) inbox.Post(presence);
                return;
            }
            catch (ChatException e)
            {
                // Presence stays as it was last shown: until it is let in, or until the next connect.
                LogNotWatched(e, e.Code);
                if (!e.Retryable || !TryWait(link)) return;
                await Task.Delay(backOff.Wait(attempt, e.RetryAfter), time).ConfigureAwait(false);
                GoOn(link);
            }
        }
    }

    /// <summary>Who is watched by now; false: there is nothing to ask, or somebody is about to ask it.</summary>
    private bool TryCopy(HubLink link, out string[] watched)
    {
        lock (_gate)
        {
            watched = [.. _watched];
            return watched.Length > 0 && _waiting != link && slot.Current == link;
        }
    }

    private bool TryWait(HubLink link)
    {
        lock (_gate)
        {
            if (_waiting == link || slot.Current != link) return false;
            _waiting = link;
            return true;
        }
    }

    private void GoOn(HubLink link)
    {
        lock (_gate)
            if (_waiting == link) _waiting = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watching again was refused ({Code})")]
    private partial void LogNotWatched(Exception e, string code);
}
