using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Direct;
using Chat.Load.Measuring;
using Chat.Load.Reporting;

namespace Chat.Load.Presence;

/// <summary>The users in pairs, one of which writes twice a minute: a message a minute and user.</summary>
internal sealed class Talk
{
    private const int OpeningAtOnce = 32;
    private const int TextBytes = 100;
    private const int SecondsPerMinute = 60;

    private readonly DirectRun _run = new(TextBytes);
    private readonly IReadOnlyList<ChatConnection> _devices;
    private readonly ChatConnection[] _openers;
    private readonly Pair[] _pairs;

    private Talk(IReadOnlyList<ChatConnection> devices) =>
        (_devices, _openers, _pairs) = (devices, [.. devices], new Pair[devices.Count / 2]);

    /// <summary>Whoever has come and gone has another device now, and his pair says nothing more.</summary>
    private IEnumerable<Pair> Intact =>
        _pairs.Where((_, n) => _devices[2 * n] == _openers[2 * n] && _devices[(2 * n) + 1] == _openers[(2 * n) + 1]);

    /// <param name="devices">As they are at any time: who leaves and returns has another one.</param>
    public static async Task<Talk> OpenAsync(
        IReadOnlyList<ChatConnection> devices, Stages stages, CancellationToken stop)
    {
        var talk = new Talk(devices);
        using var stage = stages.Count("Opening conversations", talk._pairs.Length);
        var options = new ParallelOptions { MaxDegreeOfParallelism = OpeningAtOnce, CancellationToken = stop };
        await Parallel.ForAsync(0, talk._pairs.Length, options, async (n, cancel) =>
        {
            var (alice, bob) = (devices[2 * n], devices[(2 * n) + 1]);
            var conversation = await Insistence.AskAsync(() => alice.OpenDirectAsync(bob.UserId, cancel), cancel);
            talk._pairs[n] = new Pair(n, alice, bob, conversation.ConversationId, talk._run, stop);
            stage.Increment();
        });
        return talk;
    }

    /// <summary>Until <paramref name="over"/>.</summary>
    /// <param name="said">Told which user says something: that counts as input of his.</param>
    public async Task RunAsync(Action<int> said, CancellationToken over)
    {
        var (perMinute, pairs) = (_pairs.Length * 2, Intact.ToArray());
        if (pairs.Length == 0) return;
        // Pacing knows whole numbers a second: it ticks for each user once a second, and one tick in sixty counts.
        await Pacing.RunAsync(
            perMinute,
            (n, dueAt) =>
            {
                if (n % SecondsPerMinute != 0) return;
                var pair = pairs[n / SecondsPerMinute % pairs.Length];
                said(2 * pair.Number);
                pair.SendDue(dueAt);
            },
            over);
    }

    public async Task CheckAsync(Report report, Section section, Stages stages, CancellationToken stop)
    {
        using var stage = stages.Open("Waiting for the last receipts");
        await Insistence.HoldsAsync(() => Intact.All(pair => pair.Open == 0), stop);
        var totals = Intact.Aggregate(new LedgerTotals(), (sum, pair) => sum + pair.Ledger.Totals());
        section.Add("sent", "messages sent", totals.Sent);
        section.Add("receipted", "acknowledged, delivered and receipted", totals.Receipted);
        if (totals.Sent == 0) report.Problems.Add("Nothing was sent.");
        if (totals.Sent != totals.Acked || totals.Sent != totals.Delivered || totals.Sent != totals.Receipted)
            report.Problems.Add($"Not every message was acknowledged, delivered and receipted: {totals}.");
        if (totals.Duplicates + totals.Conflicts + _run.Counters.ForeignCount > 0)
            report.Problems.Add($"Messages came twice, altered or under a wrong seq: {totals}.");
    }
}
