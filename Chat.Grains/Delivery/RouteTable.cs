using System.Collections.Concurrent;
using Chat.Ids;
using Microsoft.Extensions.Options;

namespace Chat.Delivery;

/// <summary>
/// What one silo knows of where users are, shared by all its conversations.
/// <para><b>Invariants.</b> While a user is in the table, his grain tells this silo of every change before the change
/// is answered; so "offline" here is never stale for long. A conversation makes sure that its members are in the table
/// <i>before</i> it appends (<see cref="Audience.EnsureAsync"/>): so a user's grain knows every silo that may owe him a
/// push, and can tell his devices to resume if that silo dies. The audiences that hold a route are told of each change,
/// in its order, before the change is answered.</para>
/// <para><b>Bound.</b> Past <see cref="DeliveryOptions.RoutesMax"/> the routes that no open conversation holds and that
/// were unused for longest go, and unsubscribe (<see cref="Unsubscriptions"/>).</para>
/// </summary>
internal sealed class RouteTable
{
    private const long NoticeNumber = 1;

    private readonly ConcurrentDictionary<UserId, RouteEntry> _entries = new();
    private readonly ConcurrentDictionary<(UserId User, bool WithBlocks), TaskCompletionSource> _asked = new();
    private readonly IGrainFactory _grains;
    private readonly SiloDirectory _silos;
    private readonly Unsubscriptions _unsubscriptions;
    private readonly int _routesMax;
    private long _clock;
    private long _subscriptions = NoticeNumber;
    private int _letGoPast;

    public RouteTable(IGrainFactory grains, SiloDirectory silos, IOptions<DeliveryOptions> options)
    {
        _grains = grains;
        _silos = silos;
        _unsubscriptions = new Unsubscriptions(grains, silos, options.Value.RoutesMax);
        _routesMax = _letGoPast = options.Value.RoutesMax;
        silos.SiloGone += Forget;
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

    /// <summary>Whether a device may have come to this user after what was pushed at that moment.</summary>
    public bool HasChangedSince(UserId user, long moment) =>
        !_entries.TryGetValue(user, out var entry) || entry.ChangedAt > moment;

    /// <summary>Subscribes to those of the users that are not in the table, or lack the blocks asked for.</summary>
    public ValueTask EnsureAsync(IReadOnlyList<UserId> users, bool withBlocks)
    {
        List<Task>? asked = null;
        foreach (var user in users)
            if (!Knows(user, withBlocks)) (asked ??= []).Add(AskAsync(user, withBlocks));
        return asked is null ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(asked));
    }

    /// <summary>From now on the audience is told of the user's route; at once, if it is known.</summary>
    /// <returns>False: the user is not in the table.</returns>
    public bool TryHold(UserId user, Audience audience)
    {
        while (_entries.TryGetValue(user, out var entry))
            if (entry.TryHold(audience)) return true;
        return false;
    }

    public void Release(UserId user, Audience audience)
    {
        if (!_entries.TryGetValue(user, out var entry)) return;
        entry.Release(audience);
        entry.UsedAt = Interlocked.Increment(ref _clock);
    }

    /// <summary>Takes a user's word, unless it is older than what is known.</summary>
    public void Apply(Route route)
    {
        if (route.IsGone)
        {
            if (_entries.TryGetValue(route.UserId, out var entry) && entry.Route.Owner.Equals(route.Owner))
                Remove(entry);
            return;
        }

        // Only a subscription makes an entry; a notice may overtake one that is under way, so that makes one too.
        if (_entries.ContainsKey(route.UserId)
            || _asked.ContainsKey((route.UserId, false)) || _asked.ContainsKey((route.UserId, true)))
            Learn(route, NoticeNumber);
    }

    /// <summary>A gateway that was asked at <paramref name="moment"/> has no connection of this user.</summary>
    public void Correct(UserId user, SiloAddress gateway, long moment)
    {
        if (_entries.TryGetValue(user, out var entry)) entry.Correct(gateway, moment);
    }

    private bool Knows(UserId user, bool withBlocks) =>
        _entries.TryGetValue(user, out var entry) && (!withBlocks || entry.Route.Blocked is not null);

    /// <param name="number">Of the subscription that tells it; a notice has one that is older than all.</param>
    private void Learn(Route route, long number)
    {
        while (true)
        {
            var now = Now;
            var entry = _entries.GetOrAdd(
                route.UserId, static (_, at) => new RouteEntry(at.Route, at.Now), (Route: route, Now: now));
            entry.UsedAt = now;
            if (entry.TryReplace(route, number, ref _clock)) return;
        }
    }

    private void Remove(RouteEntry entry)
    {
        if (_entries.TryRemove(KeyValuePair.Create(entry.User, entry))) entry.End();
    }

    private async Task AskAsync(UserId user, bool withBlocks)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = _asked.GetOrAdd((user, withBlocks), mine);
        if (asked != mine)
        {
            await asked.Task;
            return;
        }

        try
        {
            var number = Interlocked.Increment(ref _subscriptions);
            Learn(await _grains.GetUser(user).Subscribe(_silos.Local, withBlocks, number), number);
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
            _asked.TryRemove(KeyValuePair.Create((user, withBlocks), mine));
        }

        if (_entries.Count > Volatile.Read(ref _letGoPast)) LetGoOfUnused();
    }

    private void LetGoOfUnused()
    {
        var newest = Volatile.Read(ref _clock) - (_routesMax / 2);
        foreach (var (user, entry) in _entries)
        {
            if (entry.UsedAt > newest || !entry.TryEndUnheld()) continue;
            _entries.TryRemove(KeyValuePair.Create(user, entry));
            _unsubscriptions.Add(user, entry.Subscription);
        }

        // What is left is held or fresh: looking at all of it again pays only after more have come.
        Volatile.Write(ref _letGoPast, Math.Max(_routesMax, _entries.Count + (_routesMax / 8)));
    }

    /// <summary>What a dead silo's grains told is void: the next message asks their successors.</summary>
    private void Forget(SiloAddress silo)
    {
        foreach (var entry in _entries.Values)
            if (entry.Route.Owner.Equals(silo)) Remove(entry);
    }
}
