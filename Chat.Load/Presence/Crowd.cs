using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Reporting;

namespace Chat.Load.Presence;

/// <summary>The users with their devices: they come and go, watch one another, and touch their apps.</summary>
/// <remarks>Invariant: between phases everybody is connected, as far as the servers let him.</remarks>
internal sealed class Crowd : IAsyncDisposable
{
    public const string PresencePushed = "presencePushed";
    public const string ActivityReported = "activityReported";
    public const string Watched = "watched";
    public const string Unwatched = "unwatched";
    public const string Left = "left";
    public const string Lost = "lost";
    public const string Failed = "failed_";

    private readonly PresenceOptions _options;
    private readonly Account[] _accounts;
    private readonly IReadOnlyList<Uri> _gateways;
    private readonly ChatConnection[] _devices;
    private readonly CancellationToken _stop;
    private volatile bool _isSeen;

    public Crowd(
        PresenceOptions options, Account[] accounts, IReadOnlyList<Uri> gateways, CancellationToken stop)
    {
        (_options, _accounts, _gateways, _stop) = (options, accounts, gateways, stop);
        Expected = new ExpectedPresence(accounts.Length, WatchersOf, TimeProvider.System);
        _devices = [.. Enumerable.Range(0, accounts.Length).Select(NewDevice)];
    }

    public ExpectedPresence Expected { get; }

    public Tally Tally { get; } = new();

    public IReadOnlyList<ChatConnection> Devices => _devices;

    public async Task ConnectAsync(Stages stages)
    {
        await Accounts.Devices.ConnectAsync(_devices, _options.Parallel, stages, _stop);
        for (var user = 0; user < _devices.Length; user++) Expected.Connected(user);
    }

    /// <summary>From now on everybody watches his share of the others, and the active ones report activity.</summary>
    public async Task WatchAsync(Stages stages)
    {
        _isSeen = true;
        await ForAllAsync("Watching", stages, WatchAsync);
    }

    /// <summary>Nobody is watched any more.</summary>
    public async Task UnwatchAsync(Stages stages)
    {
        _isSeen = false;
        await ForAllAsync("Watching no more", stages, user =>
        {
            Expected.Unwatching(user);
            return TryAsync(Unwatched, () => _devices[user].UnwatchAsync(WatchedBy(user), _stop));
        });
    }

    /// <summary>An active one's turn to touch his app; those who are away pass.</summary>
    public void Touch(long n)
    {
        var active = Math.Max(1, (int)(_options.Active * _devices.Length));
        // Spread over all, so that active and quiet ones live at every gateway.
        _ = TouchAsync((int)((n % active) * _devices.Length / active));
    }

    /// <summary>He wrote something, which is input too.</summary>
    public void Said(int user) => Expected.Touched(user);

    /// <summary>Somebody leaves, stays away and comes back; with presence he watches again and is seen.</summary>
    public async Task LeaveAndReturnAsync(int user, TimeSpan away)
    {
        Tally.Add(Left);
        // Read before: a device that is closed on purpose is not lost.
        var device = Interlocked.Exchange(ref _devices[user], NewDevice(user));
        Expected.Dropped(user);
        await device.DisposeAsync();
        await Task.Delay(away, _stop);
        await _devices[user].StartAsync(_stop);
        Expected.Connected(user);
        if (!_isSeen) return;
        await WatchAsync(user);
        await TouchAsync(user);
    }

    public async ValueTask DisposeAsync() => await Accounts.Devices.CloseAsync(_devices);

    private async Task ForAllAsync(string name, Stages stages, Func<int, Task> act)
    {
        using var stage = stages.Count(name, _devices.Length);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Parallel, CancellationToken = _stop };
        await Parallel.ForAsync(0, _devices.Length, parallel, async (user, _) =>
        {
            await act(user);
            stage.Increment();
        });
    }

    private IEnumerable<int> WatchersOf(int user) =>
        Enumerable.Range(1, _options.Watchers).Select(step => (user - step + _accounts.Length) % _accounts.Length);

    private ChatConnection NewDevice(int user)
    {
        var device = Accounts.Devices.Raw(_accounts[user], _gateways);
        device.PresenceChanged += _ => Tally.Add(PresencePushed);
        device.StateChanged += change =>
        {
            if (change.State == ConnectionState.Waiting) Tally.Add(Lost);
        };
        return device;
    }

    private async Task WatchAsync(int user)
    {
        await TryAsync(Watched, () => _devices[user].WatchAsync(WatchedBy(user), _stop));
        Expected.Watching(user);
    }

    private string[] WatchedBy(int user) =>
        [.. Enumerable.Range(1, _options.Watchers).Select(step => _accounts[(user + step) % _accounts.Length].UserId)];

    private async Task TouchAsync(int user)
    {
        if (_devices[user].State != ConnectionState.Connected) return;
        Expected.Touched(user);
        await TryAsync(ActivityReported, () => _devices[user].ReportActivityAsync(_stop));
    }

    private async Task TryAsync(string name, Func<Task> call)
    {
        try
        {
            await Insistence.AskAsync(
                async () =>
                {
                    await call().ConfigureAwait(false);
                    return true;
                },
                _stop).ConfigureAwait(false);
            Tally.Add(name);
        }
        catch (ChatException refusal)
        {
            // One user is seen less; the check at the end tells.
            Tally.Add(Failed + refusal.Code);
        }
        catch (OperationCanceledException)
        {
            // The run is given up.
        }
    }
}
