using Chat.Client;
using Chat.Load.Reporting;

namespace Chat.Load.Accounts;

/// <summary>Makes and connects devices.</summary>
internal static class Devices
{
    /// <summary>Connections that are closed at once.</summary>
    private const int ClosingAtOnce = 64;

    /// <summary>Pushes are raised as they come, and nothing is asked of the server by itself: cheapest.</summary>
    public static ChatConnection Raw(Account account, IReadOnlyList<Uri> gateways) => new(new ChatConnectionOptions
    {
        Gateways = From(account.Number, gateways),
        UserId = account.UserId,
        Tokens = (_, _) => new(account.Token),
        KeepsLog = false,
        Resends = false,
        MarksDelivered = false,
    });

    /// <summary>What an app has: resumes, fills gaps, marks as delivered.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="gateways">Where to connect.</param>
    /// <param name="spread">Longest first wait before it comes back; null: as apps have it.</param>
    public static ChatConnection Whole(Account account, IReadOnlyList<Uri> gateways, TimeSpan? spread = null)
    {
        var options = new ChatConnectionOptions
        {
            Gateways = From(account.Number, gateways),
            UserId = account.UserId,
            Tokens = (_, _) => new(account.Token),
        };
        return new(spread is not { } first ? options : new ChatConnectionOptions
        {
            Gateways = options.Gateways,
            UserId = options.UserId,
            Tokens = options.Tokens,
            BackOffFirst = first,
            BackOffMax = first > options.BackOffMax ? first : options.BackOffMax,
        });
    }

    /// <summary>Connects all of them, at most <paramref name="parallel"/> at once.</summary>
    public static async Task ConnectAsync(
        IReadOnlyList<ChatConnection> devices, int parallel, Stages stages, CancellationToken stop)
    {
        using var stage = stages.Count("Connecting", devices.Count);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = stop };
        await Parallel.ForEachAsync(devices, options, async (device, cancel) =>
        {
            await device.StartAsync(cancel);
            stage.Increment();
        });
    }

    public static Task CloseAsync(IEnumerable<ChatConnection> devices) =>
        Parallel.ForEachAsync(
            devices,
            new ParallelOptions { MaxDegreeOfParallelism = ClosingAtOnce },
            async (device, _) => await device.DisposeAsync());

    /// <summary>User n starts at gateway n modulo count: the two of a pair meet on different ones.</summary>
    private static Uri[] From(int number, IReadOnlyList<Uri> gateways) =>
        [.. Enumerable.Range(0, gateways.Count).Select(n => gateways[(number + n) % gateways.Count])];
}
