using Chat.Client;
using Chat.Load.Messages;

namespace Chat.Load.Offline;

/// <summary>Leaves messages for everybody who is away, a few under way at once, each until it is acknowledged.</summary>
internal sealed class Sender(
    int number, ChatConnection device, OfflineOptions options, MessageIds ids, Content content)
{
    private const int UnderWay = 4;
    private const int OpeningAtOnce = 8;
    private const int AttemptsMax = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string[] _conversations = new string[options.Receivers];

    public Task OpenAsync(IReadOnlyList<Receiver> receivers, CancellationToken stop) =>
        Parallel.ForAsync(0, receivers.Count, Bounded(OpeningAtOnce, stop), async (n, cancel) =>
            _conversations[n] = (await device.OpenDirectAsync(receivers[n].Account.UserId, cancel)).ConversationId);

    /// <summary>Round by round, so that the messages of all receivers mix in the store.</summary>
    public Task SendAsync(Action sent, CancellationToken stop) =>
        Parallel.ForAsync(0, options.EachFromOne * options.Receivers, Bounded(UnderWay, stop), async (n, cancel) =>
        {
            await InsistAsync(n % options.Receivers, n / options.Receivers, cancel);
            sent();
        });

    private async Task InsistAsync(int receiver, int round, CancellationToken stop)
    {
        var request = new SendRequest
        {
            ConversationId = _conversations[receiver],
            ClientMessageId = ids.Make(receiver, (number * options.EachFromOne) + round),
            Content = content,
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await device.InvokeRawAsync<SendAnswer>(HubMethods.Send, request, stop);
                return;
            }
            catch (ChatException e) when (e.Retryable && attempt < AttemptsMax)
            {
                // Made once under its id, however often it is sent.
                await Task.Delay(e.RetryAfter ?? Pause, stop);
            }
        }
    }

    private static ParallelOptions Bounded(int atOnce, CancellationToken stop) =>
        new() { MaxDegreeOfParallelism = atOnce, CancellationToken = stop };
}
