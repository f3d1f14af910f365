using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Storm;

/// <summary>The connected pairs, who watch one another and touch their apps now and then.</summary>
internal sealed class StormLoad : IAsyncDisposable
{
    private const int ConnectingAtOnce = 32;

    /// <summary>As Chat.Client debounces it.</summary>
    private const int ActivityApartSeconds = 15;

    private readonly List<ChatConnection> _devices = [];
    private readonly CancellationTokenSource _over;
    private readonly Stages _stages;
    private readonly CancellationToken _stop;
    private Task _activity = Task.CompletedTask;

    private StormLoad(StormOptions options, Stages stages, CancellationToken stop)
    {
        (Run, _stages, _stop) = (new StormRun(options), stages, stop);
        _over = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    public StormRun Run { get; }

    public IReadOnlyList<StormPair> Pairs { get; private set; } = [];

    public int Open => Pairs.Sum(pair => pair.Open);

    public static async Task<StormLoad> ConnectAsync(
        StormOptions options, Topology topology, Stages stages, CancellationToken stop)
    {
        var load = new StormLoad(options, stages, stop);
        try
        {
            var accounts = await Provisioning.MakeAsync(topology.Gateways, options.Pairs * 2, stages, stop);
            load._devices.AddRange(accounts.Select(account => IsSender(account.Number)
                ? Devices.Raw(account, topology.Gateways)
                : Devices.Whole(account, topology.Gateways)));
            await Devices.ConnectAsync(load._devices, ConnectingAtOnce, stages, stop);
            await load.OpenAsync(options);
            foreach (var device in load._devices) load.Listen(device);
            await load.WatchAsync(options.Watched);
            var rate = Math.Max(1, load._devices.Count / ActivityApartSeconds);
            load._activity = Pacing.RunAsync(rate, load.ReportActivity, load._over.Token);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until <paramref name="stop"/>, whatever comes back.</summary>
    /// <param name="rate">Messages a second over all pairs.</param>
    public Task OfferAsync(int rate, CancellationToken stop) =>
        Pacing.RunAsync(rate, (n, dueAt) => Pairs[(int)(n % Pairs.Count)].Offer(dueAt), stop);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _activity;
        await Devices.CloseAsync(_devices);
        _over.Dispose();
    }

    private async Task OpenAsync(StormOptions options)
    {
        using var stage = _stages.Count("Opening conversations", options.Pairs);
        var pairs = new StormPair[options.Pairs];
        await Parallel.ForAsync(0, pairs.Length, Bounded(), async (n, cancel) =>
        {
            var (one, other) = (_devices[2 * n], _devices[(2 * n) + 1]);
            var (alice, bob) = IsSender(2 * n) ? (one, other) : (other, one);
            var conversation = await Insistence.AskAsync(() => alice.OpenDirectAsync(bob.UserId, cancel), cancel);
            pairs[n] = new StormPair(n, alice, bob, conversation.ConversationId, Run, _stop);
            stage.Increment();
        });
        Pairs = pairs;
    }

    /// <summary>Every other pair the other way round, so that each gateway has its share of senders.</summary>
    private static bool IsSender(int number) => number % 2 == number / 2 % 2;

    private void Listen(ChatConnection device)
    {
        device.PresenceChanged += _ => Run.Tally.Add(StormCounts.PresencePushed);
        device.ResyncRequired += _ => Run.Tally.Add(StormCounts.Resyncs);
        device.StateChanged += change =>
        {
            if (change.State == ConnectionState.Connected) Run.Tally.Add(StormCounts.Reconnects);
        };
    }

    /// <summary>Each his partner (2n and 2n + 1) and those who come after.</summary>
    private async Task WatchAsync(int watched)
    {
        if (watched == 0) return;
        using var stage = _stages.Count("Watching", _devices.Count);
        await Parallel.ForAsync(0, _devices.Count, Bounded(), async (n, cancel) =>
        {
            string[] users = [_devices[n ^ 1].UserId, .. Enumerable.Range(2, watched - 1)
                .Select(step => _devices[((n & ~1) + step) % _devices.Count].UserId)];
            await Insistence.AskAsync(() => _devices[n].WatchAsync([.. users.Distinct()], cancel), cancel);
            stage.Increment();
        });
    }

    private void ReportActivity(long n, long dueAt)
    {
        var device = _devices[(int)(n % _devices.Count)];
        _ = Hints.SayAsync(() => device.ReportActivityAsync(_stop), StormCounts.ActivitySent, Run.Tally);
    }

    private ParallelOptions Bounded() =>
        new() { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = _stop };
}
