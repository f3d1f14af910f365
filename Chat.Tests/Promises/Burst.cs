using System.Globalization;
using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;

namespace Chat.Tests.Promises;

/// <summary>
/// Everybody writes to everybody at once, over all conversations of some people; sends are repeated under their ids
/// until they are answered.
/// </summary>
internal sealed class Burst
{
    private readonly List<(Device Device, string Chat)> _lines = [];

    private Burst(IReadOnlyList<Device> devices) => Devices = devices;

    internal Ledger Ledger { get; } = new();

    internal IReadOnlyList<Device> Devices { get; }

    internal Observed<SendAnswer> Answers { get; } = new();

    internal int Total { get; private set; }

    /// <summary>Opens the conversations of each pair of the devices' owners.</summary>
    internal static async Task<Burst> PrepareAsync(IReadOnlyList<Device> devices)
    {
        var burst = new Burst(devices);
        foreach (var device in devices)
        {
            foreach (var other in devices.Where(other => other.Owner != device.Owner).DistinctBy(d => d.Owner))
                burst._lines.Add((device, await device.OpenAsync(other.Owner)));
        }

        return burst;
    }

    /// <summary>Sends; completes when all are answered.</summary>
    internal Task RunAsync(int each)
    {
        Total = _lines.Count * each;
        return Task.WhenAll(_lines.SelectMany(line => Enumerable.Range(1, each).Select(n => SendAsync(line, n))));
    }

    /// <summary>Waits until a part is answered; fails if there is nothing left to be disturbed.</summary>
    internal async Task UntilInTheMidstAsync(int answered)
    {
        await Answers.UntilAsync($"{answered} of {Total} answers", answers => answers.Count >= answered);
        Assert.True(Answers.Count < Total, $"All {Total} sends were answered before anything could be broken.");
    }

    /// <summary>Waits for the end and holds the books against what both the members and the tables say.</summary>
    internal async Task CheckAsync(Task run, Func<Task<List<StoredEntry>>> stored)
    {
        await Eventually.CompletesAsync(
            $"answers to all {Total} sends", run, () => $"{Answers.Count} answers");
        foreach (var device in Devices)
            await Ledger.CompareAsync(device, _lines.Where(line => line.Device == device).Select(line => line.Chat));
        Ledger.Compare(await stored());
    }

    /// <summary>Each device that keeps a log has heard each entry of its conversations once, in order.</summary>
    internal async Task EachHeardAllAsync()
    {
        foreach (var device in Devices)
        {
            foreach (var (_, chat) in _lines.Where(line => line.Device == device))
            {
                var end = (await Device.AskAsync(() => device.Chat.GetHistoryAsync(chat, limit: 1))).Messages[^1].Seq;
                await Eventually.HoldsAsync(
                    $"{device} to hold {chat} up to {end}",
                    () => device.Chat.GetHeldSeq(chat) == end,
                    () => device.Chat.GetHeldSeq(chat).ToString(CultureInfo.InvariantCulture));
                var heard = device.Heard.Snapshot().Where(entry => entry.Message.ConversationId == chat);
                Assert.Equal(Enumerable.Range(1, (int)end).Select(n => (long)n), heard.Select(e => e.Message.Seq));
            }
        }
    }

    private async Task SendAsync((Device Device, string Chat) line, int n)
    {
        var answer = await Ledger.InsistAsync(line.Device, line.Chat, $"burst {n}");
        Answers.Record(answer);
    }
}
