using Microsoft.Extensions.Logging;

namespace Chat.Client;

/// <summary>Who is watched: a connection's watches end with it, so each new one watches them again.</summary>
/// <remarks>Thread-safe. It holds what the server accepted, which the server limits.</remarks>
internal sealed partial class Watches(LinkSlot slot, Inbox inbox, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);

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

    /// <summary>Watches all again, and raises what is found.</summary>
    public void Again(HubLink link)
    {
        string[] watched;
        lock (_gate) watched = [.. _watched];
        if (watched.Length > 0) _ = AgainAsync(link, watched);
    }

    private async Task AgainAsync(HubLink link, string[] watched)
    {
        try
        {
            var request = new UsersRequest { UserIds = watched };
            var answer = await link.CallAsync<PresenceList>(HubMethods.Watch, request, CancellationToken.None)
                .ConfigureAwait(false);
            foreach (var presence in answer.Presence) inbox.Post(presence);
        }
        catch (ChatException e)
        {
            // Presence stays as it was last shown, until the next connect.
            LogNotWatched(e, e.Code);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watching again was refused ({Code})")]
    private partial void LogNotWatched(Exception e, string code);
}
