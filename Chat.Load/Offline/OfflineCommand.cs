using System.Diagnostics;
using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Messages;
using Chat.Load.Reporting;
using Chat.Load.Topologies;

namespace Chat.Load.Offline;

/// <summary>
/// <c>offline</c>: messages are left for users who are away; then all of them come back at once, on devices that hold
/// nothing.
/// </summary>
internal sealed class OfflineCommand(
    OfflineOptions options, Topology topology, Stages stages, CancellationToken stop)
{
    private const int ConnectingAtOnce = 32;

    private static readonly TimeSpan CompleteWithin = TimeSpan.FromSeconds(120);

    /// <summary>For the servers to notice that the last connections are gone, and for late second copies.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly Report _report = new("offline", topology.Name, "Every message arrived once.");
    private readonly ServerProcesses _servers = new(topology.ProcessIds);
    private readonly MessageIds _ids = new(TimeProvider.System);
    private readonly string _text = SampleText.Of(options.TextBytes);

    public async Task<Report> RunAsync()
    {
        var accounts = await Provisioning.MakeAsync(
            topology.Gateways, options.Receivers + options.Senders, stages, stop);
        Receiver[] receivers = [.. accounts.Take(options.Receivers)
            .Select((account, n) => new Receiver(n, account, options.Each, _ids, _text))];
        await VisitAsync(receivers);
        await LeaveMessagesAsync(receivers, accounts[options.Receivers..]);
        await stages.WaitAsync("Resting", Rest, stop);
        await ReturnAsync(receivers);
        Check(receivers);
        _report.Problems.AddRange(topology.Deaths());
        return _report;
    }

    /// <summary>Everybody was there once: what is measured is coming back.</summary>
    private async Task VisitAsync(Receiver[] receivers)
    {
        ChatConnection[] devices = [.. receivers.Select(receiver => receiver.NewDevice(topology.Gateways))];
        try
        {
            await Devices.ConnectAsync(devices, ConnectingAtOnce, stages, stop);
        }
        finally
        {
            await Devices.CloseAsync(devices);
        }
    }

    private async Task LeaveMessagesAsync(Receiver[] receivers, Account[] accounts)
    {
        ChatConnection[] devices = [.. accounts.Select(account => Devices.Raw(account, topology.Gateways))];
        try
        {
            await Devices.ConnectAsync(devices, ConnectingAtOnce, stages, stop);
            var content = Content.OfText(_text);
            Sender[] senders = [.. devices.Select((device, n) => new Sender(n, device, options, _ids, content))];
            using (stages.Open("Opening conversations"))
                await Task.WhenAll(senders.Select(sender => sender.OpenAsync(receivers, stop)));
            using var stage = stages.Count("Leaving messages", options.Messages);
            var meter = Meter.Start(_servers);
            await Task.WhenAll(senders.Select(sender => sender.SendAsync(stage.Increment, stop)));
            var section = _report.Add("leaving messages");
            var interval = meter.Stop();
            section.Add("messagesPerSecond", "messages/s", options.Messages / interval.Seconds);
            section.AddCpu(interval, options.Messages, "message");
        }
        finally
        {
            await Devices.CloseAsync(devices);
        }
    }

    private async Task ReturnAsync(Receiver[] receivers)
    {
        ChatConnection[] devices = [.. receivers.Select(receiver => receiver.NewDevice(topology.Gateways))];
        try
        {
            var before = _servers.ReadMemoryKib();
            var meter = Meter.Start(_servers);
            var begun = Stopwatch.GetTimestamp();
            var all = Task.WhenAll(receivers.Select(receiver => receiver.Completed));
            await Devices.ConnectAsync(devices, options.Parallel, stages, stop);
            var connected = Stopwatch.GetElapsedTime(begun);
            await Task.WhenAny(all, Task.Delay(CompleteWithin, stop));
            var interval = meter.Stop();
            await stages.WaitAsync("Waiting for second copies", Rest, stop);
            var section = _report.Add("coming back");
            Add(section, receivers, begun, connected);
            var got = receivers.Sum(receiver => receiver.Got);
            section.Add("messagesPerSecond", "messages/s", got / interval.Seconds);
            section.AddCpu(interval, got, "message");
            section.AddMemory(_servers, before, options.Receivers);
        }
        finally
        {
            await Devices.CloseAsync(devices);
        }
    }

    private static void Add(Section section, Receiver[] receivers, long begun, TimeSpan connected)
    {
        double[] seconds = [.. receivers.Where(receiver => receiver.Completed.IsCompletedSuccessfully)
            .Select(receiver => Stopwatch.GetElapsedTime(begun, receiver.CompletedAt).TotalSeconds).Order()];
        var isWhole = seconds.Length == receivers.Length;
        section.Add("allCompleteSeconds", "until all hold everything, s", isWhole ? seconds[^1] : null);
        section.Add("halfCompleteSeconds", "until half of them do, s", isWhole ? seconds[seconds.Length / 2] : null);
        section.Add("connectedSeconds", "until all are caught up, s", connected.TotalSeconds);
    }

    private void Check(Receiver[] receivers)
    {
        var (missing, wrong) = (options.Messages - receivers.Sum(one => one.Got), receivers.Sum(one => one.Wrong));
        if (missing > 0) _report.Problems.Add($"{missing} messages did not arrive.");
        if (wrong > 0) _report.Problems.Add($"{wrong} messages arrived twice or altered.");
    }
}
