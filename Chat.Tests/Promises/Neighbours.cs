using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Chat.Tests.Harness;
using Chat.Tests.Language;

namespace Chat.Tests.Promises;

/// <summary>
/// Ten people, five on each gateway, with forty conversations among them: enough that each silo holds some and each
/// gateway sees both directions. Their devices hear pushes and nothing else: what comes, was pushed.
/// </summary>
internal sealed class Neighbours
{
    private const int People = 10;
    private const int ChatsMax = 40;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(500);

    private readonly List<Line> _lines = [];
    private int _probes;

    private Neighbours(Device[] devices) => Devices = devices;

    private sealed record Line(string Chat, Device From, Device To);

    internal IReadOnlyList<Device> Devices { get; }

    internal IReadOnlyList<string> Chats => [.. _lines.Select(line => line.Chat).Distinct()];

    internal static async Task<Neighbours> MoveInAsync(Town town)
    {
        var people = await town.WelcomeAsync([.. Enumerable.Range(1, People).Select(n => $"n{n}")]);
        var devices = new Device[People];
        for (var i = 0; i < People; i++) devices[i] = await people[i].OnAsync(town.Gateways[i % town.Gateways.Count]);
        var neighbours = new Neighbours(devices);
        for (var i = 0; i < People; i++)
        {
            for (var j = i + 1; j < People && neighbours.Chats.Count < ChatsMax; j++)
            {
                var chat = await devices[i].OpenAsync(people[j]);
                neighbours._lines.Add(new Line(chat, devices[i], devices[j]));
                neighbours._lines.Add(new Line(chat, devices[j], devices[i]));
            }
        }

        await neighbours.EachHearsEachAsync();
        return neighbours;
    }

    /// <summary>
    /// Waits until in each conversation, in each direction, a message arrives by push; asks again and again.
    /// </summary>
    internal Task EachHearsEachAsync() => Task.WhenAll(_lines.Select(HearsAsync));

    /// <summary>
    /// Breaks something while one message after another is sent to each conversation; returns for each conversation how
    /// long after the break the first send was answered that began after it.
    /// </summary>
    internal async Task<IReadOnlyDictionary<string, TimeSpan>> SilencesAsync(Func<Task> breaks)
    {
        var silences = new ConcurrentDictionary<string, TimeSpan>();
        var answers = new ConcurrentDictionary<string, int>();
        long? brokenAt = null;
        async Task TalkAsync(Line line)
        {
            while (!silences.ContainsKey(line.Chat))
            {
                var begun = Stopwatch.GetTimestamp();
                await line.From.InsistAsync(line.Chat, "still here?");
                answers.AddOrUpdate(line.Chat, 1, (_, n) => n + 1);
                if (brokenAt is { } moment && begun >= moment)
                    silences.TryAdd(line.Chat, Stopwatch.GetElapsedTime(moment));
                await Task.Delay(Pace);
            }
        }

        var talks = Task.WhenAll(_lines.DistinctBy(line => line.Chat).Select(TalkAsync));
        await Eventually.HoldsAsync(
            "two answers in each conversation",
            () => answers.Count == Chats.Count && answers.Values.All(n => n >= 2),
            () => $"{answers.Count} conversations");
        brokenAt = Stopwatch.GetTimestamp();
        await breaks();
        await Eventually.CompletesAsync(
            "each conversation to take a message again", talks, () => $"{silences.Count} of {Chats.Count} do",
            TimeSpan.FromMinutes(1));
        return silences;
    }

    /// <summary>Each device that reconnected since it was made, for an assertion that none did.</summary>
    internal IEnumerable<string> Reconnected() =>
        Devices.Where(device => device.Connects != 1).Select(device => $"{device}: {device.Connects} connections");

    private async Task HearsAsync(Line line)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var asked = 1; ; asked++)
        {
            var n = Interlocked.Increment(ref _probes).ToString(CultureInfo.InvariantCulture);
            var probe = $"probe {n}";
            await line.From.InsistAsync(line.Chat, probe);
            try
            {
                await line.To.HearsAsync(probe, ProbeEvery);
                return;
            }
            catch (TimeoutException) when (Stopwatch.GetElapsedTime(begun) < Eventually.Patience)
            {
                // Lost with what died; the next one may not be.
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{asked} messages of {line.From} to {line.To} were not pushed.", late);
            }
        }
    }
}
