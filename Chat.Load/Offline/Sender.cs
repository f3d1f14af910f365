using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Messages;

namespace Chat.Load.Offline;

/// <summary>Leaves messages for everybody who is away, a few at once, each until it is acknowledged.</summary>
internal sealed class Sender(
    int number, ChatConnection device, OfflineOptions options, MessageIds ids, Content content)
{
    private const int UnderWay = 4;
    private const int OpeningAtOnce = 8;

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
        await Insistence.AskAsync(() => device.InvokeRawAsync<SendAnswer>(HubMethods.Send, request, stop), stop);
    }

    private static ParallelOptions Bounded(int atOnce, CancellationToken stop) =>
        new() { MaxDegreeOfParallelism = atOnce, CancellationToken = stop };
}
