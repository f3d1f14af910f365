using System.Collections.Concurrent;
using Chat.Ids;
using Microsoft.Extensions.Options;

namespace Chat.Delivery;

/// <summary>
/// What one silo knows of where users are, shared by all its conversations.
/// <para><b>Invariants.</b> While a user is in the table, his grain tells this silo of every change before the change
/// is answered; so "offline" here is never stale for long. A conversation makes sure that its members are in the table
/// <i>before</i> it appends (<see cref="EnsureAsync"/>): so a user's grain knows every silo that may owe him a push,
/// and can tell his devices to resume if that silo dies.</para>
/// <para><b>Bound.</b> Past <see cref="DeliveryOptions.RoutesMax"/> the routes unused for longest go, and
/// unsubscribe.</para>
/// </summary>
internal sealed class RouteTable
{
    private readonly ConcurrentDictionary<UserId, Entry> _entries = new();
    private readonly ConcurrentDictionary<UserId, TaskCompletionSource> _asked = new();
    private readonly IGrainFactory _grains;
    private readonly SiloDirectory _silos;
    private readonly int _routesMax;
    private long _clock;

    public RouteTable(IGrainFactory grains, SiloDirectory silos, IOptions<DeliveryOptions> options)
    {
        _grains = grains;
        _silos = silos;
        _routesMax = options.Value.RoutesMax;
        silos.SiloGone += Forget;
    }

    private sealed class Entry(Route route, long learnedAt)
    {
        public volatile Route Route = route;
        public long UsedAt = learnedAt;
        public long ChangedAt = learnedAt;
    }

    /// <summary>A moment of this table, for <see cref="Correct"/> and <see cref="HasChangedSince"/>.</summary>
    public long Now => Volatile.Read(ref _clock);

    /// <summary>The route, if this silo is subscribed to the user.</summary>
    public Route? Find(UserId user)
    {
        if (!_entries.TryGetValue(user, out var entry)) return null;
        entry.UsedAt = Interlocked.Increment(ref _clock);
        return entry.Route;
    }

    /// <summary>Whether nothing has to be asked for these users.</summary>
    public bool KnowsAll(UserId[] users)
    {
        foreach (var user in users)
            if (!_entries.ContainsKey(user)) return false;
        return true;
    }

    /// <summary>Whether a device may have come to this user after what was pushed at that moment.</summary>
    public bool HasChangedSince(UserId user, long moment) =>
        !_entries.TryGetValue(user, out var entry) || Volatile.Read(ref entry.ChangedAt) > moment;

    /// <summary>Subscribes to those of the users that are not in the table.</summary>
    public ValueTask EnsureAsync(IReadOnlyList<UserId> users)
    {
        List<Task>? asked = null;
        foreach (var user in users)
            if (!_entries.ContainsKey(user)) (asked ??= []).Add(AskAsync(user));
        return asked is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(asked));
    }

    /// <summary>Takes a user's word, unless it is older than what is known.</summary>
    public void Apply(Route route)
    {
        if (route.IsGone)
        {
            if (_entries.TryGetValue(route.UserId, out var entry) && entry.Route.Owner.Equals(route.Owner))
                _entries.TryRemove(KeyValuePair.Create(route.UserId, entry));
            return;
        }

        // Only a subscription makes an entry; one that is under way may be overtaken by a notice, so that makes one
        // too.
        if (_entries.TryGetValue(route.UserId, out var known)) Replace(known, route);
        else if (_asked.ContainsKey(route.UserId)) Learn(route);
    }

    /// <summary>A gateway that was asked at <paramref name="moment"/> has no connection of this user.</summary>
    public void Correct(UserId user, SiloAddress gateway, long moment)
    {
        if (!_entries.TryGetValue(user, out var entry)) return;
        lock (entry)
        {
            if (entry.ChangedAt > moment) return;
            var route = entry.Route;
            entry.Route = route with { Sessions = [.. route.Sessions.Where(s => !s.Gateway.Equals(gateway))] };
        }
    }

    private void Learn(Route route)
    {
        var now = Interlocked.Increment(ref _clock);
        var entry = _entries.GetOrAdd(
            route.UserId, static (_, learned) => new Entry(learned.Route, learned.Now), (Route: route, Now: now));
        entry.UsedAt = now;
        Replace(entry, route);
    }

    private void Replace(Entry entry, Route route)
    {
        lock (entry)
        {
            var known = entry.Route;
            if (known.Owner.Equals(route.Owner) && route.Version <= known.Version) return;
            entry.Route = route;
            entry.ChangedAt = Interlocked.Increment(ref _clock);
        }
    }

    private async Task AskAsync(UserId user)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = _asked.GetOrAdd(user, mine);
        if (asked != mine)
        {
            await asked.Task;
            return;
        }

        try
        {
            Learn(await _grains.GetUser(user).Subscribe(_silos.Local));
            mine.SetResult();
        }
        catch (Exception e)
        {
            // Whoever waits for the same user fails as this caller does; the next send asks again.
            mine.SetException(e);
            mine.Task.Exception?.Handle(static _ => true);
            throw;
        }
        finally
        {
            _asked.TryRemove(KeyValuePair.Create(user, mine));
        }

        if (_entries.Count > _routesMax) LetGoOfUnused();
    }

    private void LetGoOfUnused()
    {
        var newest = Volatile.Read(ref _clock) - (_routesMax / 2);
        foreach (var (user, entry) in _entries)
        {
            if (entry.UsedAt > newest || !_entries.TryRemove(KeyValuePair.Create(user, entry))) continue;
            _grains.GetUser(user).Unsubscribe(_silos.Local).Ignore();
        }
    }

    /// <summary>What a dead silo's grains told is void: the next message asks their successors.</summary>
    private void Forget(SiloAddress silo)
    {
        foreach (var (user, entry) in _entries)
            if (entry.Route.Owner.Equals(silo)) _entries.TryRemove(KeyValuePair.Create(user, entry));
    }
}
