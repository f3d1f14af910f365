using System.Diagnostics;
using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Groups;

/// <summary>A group with its members online, and the phases that it is put through one after another.</summary>
internal sealed class GroupLoad : IAsyncDisposable
{
    private const int ConnectingAtOnce = 32;

    /// <summary>Ids of one call: a group may hold more than a call may carry.</summary>
    private const int AddedAtOnce = 500;

    /// <summary>Paced: posts that may be incomplete. More are not sent, and counted.</summary>
    private const int OpenMax = 4_096;

    /// <summary>A second copy of the last posts would come within this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly List<ChatConnection> _devices = [];
    private readonly GroupOptions _options;
    private readonly Stages _stages;
    private readonly ServerProcesses _servers;
    private readonly CancellationToken _stop;
    private volatile bool _isClosedLoop;

    private GroupLoad(GroupOptions options, ServerProcesses servers, Stages stages, CancellationToken stop) =>
        (_options, _servers, _stages, _stop) = (options, servers, stages, stop);

    public GroupRun Run { get; private set; } = null!;

    /// <summary>The first sender's device.</summary>
    public ChatConnection Sender => _devices[0];

    /// <summary>The newest seq before the first post.</summary>
    public long FromSeq { get; private set; }

    public static async Task<GroupLoad> ConnectAsync(
        GroupOptions options, Topology topology, ServerProcesses servers, Stages stages, CancellationToken stop)
    {
        var load = new GroupLoad(options, servers, stages, stop);
        try
        {
            var accounts = await Provisioning.MakeAsync(topology.Gateways, options.Members, stages, stop);
            load._devices.AddRange(
                accounts.Take(options.Online).Select(account => Devices.Raw(account, topology.Gateways)));
            await Devices.ConnectAsync(load._devices, ConnectingAtOnce, stages, stop);
            await load.FormAsync(accounts);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <param name="goOnUntil">The load goes on after the interval until this has ended.</param>
    public async Task<GroupPhase> MeasureAsync(string name, Task goOnUntil)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        var pacing = _options.Rate is { } rate ? SendEvenlyAsync(rate, over.Token) : Task.CompletedTask;
        _isClosedLoop = _options.Rate is null;
        if (_isClosedLoop)
        {
            for (var sender = 0; sender < _options.Senders; sender++) Send(sender, Stopwatch.GetTimestamp());
        }

        await _stages.WaitAsync($"Warming up, {name}", _options.Warmup, _stop);
        var recorder = Run.Recorder;
        var meter = Meter.Start(_servers);
        var (posts, deliveries, receipts) = (recorder.Completed, recorder.Deliveries, recorder.ReceiptPushes);
        var (begun, recording) = (Stopwatch.GetTimestamp(), recorder.Begin());
        await _stages.WaitAsync(
            $"Measuring, {name}",
            _options.Duration,
            _stop,
            () =>
            {
                var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                return $"{(recorder.Deliveries - deliveries) / seconds:N0} deliveries/s";
            });
        recorder.End();
        var phase = new GroupPhase(
            name,
            recorder.Completed - posts,
            recorder.Deliveries - deliveries,
            recorder.ReceiptPushes - receipts,
            recording,
            meter.Stop());
        await goOnUntil.WaitAsync(_stop);
        _isClosedLoop = false;
        await over.CancelAsync();
        await pacing;
        await DrainAsync();
        return phase;
    }

    public async ValueTask DisposeAsync() => await Devices.CloseAsync(_devices);

    private async Task FormAsync(Account[] accounts)
    {
        using var stage = _stages.Count("Forming the group", accounts.Length);
        var owner = _devices[0];
        string[] others = [.. accounts.Skip(1).Select(account => account.UserId)];
        var request = new CreateGroupRequest { Title = "load", MemberIds = [.. others.Take(AddedAtOnce)] };
        var group = await owner.CreateGroupAsync(request, _stop);
        foreach (var more in others.Skip(AddedAtOnce).Chunk(AddedAtOnce))
            group = await owner.AddMembersAsync(group.ConversationId, more, _stop);
        if (group.MemberCount != accounts.Length)
            throw new InvalidOperationException($"The group has {group.MemberCount} members.");
        FromSeq = group.LastSeq;
        string[] senders = [.. accounts.Take(_options.Senders).Select(account => account.UserId)];
        Run = new GroupRun(_options, group.ConversationId, senders) { Completed = OnCompleted };
        foreach (var device in _devices) _ = new Listener(device, Run, FromSeq, _stop);
    }

    private void OnCompleted(int sender)
    {
        if (_isClosedLoop) Send(sender, Stopwatch.GetTimestamp());
    }

    private void Send(int sender, long startedAt)
    {
        if (Run.Ledger.Open >= OpenMax || !Run.Ledger.TryOpen(startedAt, out var post)) Run.Counters.NotSent();
        else _ = SendAsync(sender, post);
    }

    private async Task SendAsync(int sender, int post)
    {
        var request = new SendRequest
        {
            ConversationId = Run.ConversationId,
            ClientMessageId = Run.Ids.Make(sender, post),
            Content = Run.Content,
        };
        try
        {
            var answer = await Insistence.AskAsync(
                () => _devices[sender].InvokeRawAsync<SendAnswer>(HubMethods.Send, request, _stop),
                _stop,
                Run.Counters.Resent).ConfigureAwait(false);
            if (Run.Ledger.Acked(post, answer.Seq)) OnCompleted(sender);
        }
        catch (ChatException e)
        {
            // It stays unacknowledged, which the check at the end tells.
            Run.Counters.Failed(e.Code);
        }
        catch (OperationCanceledException)
        {
            // The run is given up, and with it its figures.
        }
    }

    private Task SendEvenlyAsync(int rate, CancellationToken stop) =>
        Pacing.RunAsync(rate, (n, dueAt) => Send((int)(n % _options.Senders), dueAt), stop);

    private async Task DrainAsync()
    {
        using var stage = _stages.Open("Waiting for the last deliveries");
        await Insistence.HoldsAsync(() => Run.Ledger.Open == 0, _stop);
        await Task.Delay(Grace, _stop);
    }
}

/// <summary>One measured phase.</summary>
/// <param name="Posts">Those that are acknowledged and have reached everybody online.</param>
internal sealed record GroupPhase(
    string Name, long Posts, long Deliveries, long ReceiptPushes, GroupRecording Latencies, Interval Interval);
