using Chat.Client;
using Chat.Load.Accounts;
using Chat.Load.Measuring;
using Chat.Load.Messages;

namespace Chat.Load.Reconnect;

/// <summary>
/// Somebody at another gateway who writes to all whose gateway dies, each message until it is acknowledged.
/// </summary>
internal sealed class Leaver(
    ChatConnection device, IReadOnlyList<Returner> to, MessageIds ids, string text, CancellationToken stop)
{
    private const int AtOnce = 32;

    private readonly string[] _conversations = new string[to.Count];
    private readonly Content _content = Content.OfText(text);

    public Tally Tally { get; } = new();

    /// <summary>Opens the conversations and says something in each.</summary>
    public Task BeginAsync(Action begun) =>
        Parallel.ForAsync(0, to.Count, Bounded(), async (n, cancel) =>
        {
            var userId = to[n].Device.UserId;
            var conversation = await Insistence.AskAsync(() => device.OpenDirectAsync(userId, cancel), cancel);
            _conversations[n] = conversation.ConversationId;
            await SendAsync(n, 0);
            begun();
        });

    /// <summary>Leaves <paramref name="each"/> messages for each, paced; done once all are acknowledged.</summary>
    public async Task LeaveAsync(int each, int rate)
    {
        var sends = new List<Task>();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Pacing.RunAsync(
            rate,
            (n, _) =>
            {
                if (n < (long)each * to.Count) sends.Add(SendAsync((int)(n % to.Count), (int)(n / to.Count) + 1));
                else all.Cancel();
            },
            all.Token);
        await Task.WhenAll(sends);
    }

    private async Task SendAsync(int number, int message)
    {
        var request = new SendRequest
        {
            ConversationId = _conversations[number],
            ClientMessageId = ids.Make(number, message),
            Content = _content,
        };
        try
        {
            await Insistence.AskAsync(
                () => device.InvokeRawAsync<SendAnswer>(HubMethods.Send, request, stop), stop, Tally.Add)
                .ConfigureAwait(false);
        }
        catch (ChatException refusal)
        {
            // It does not arrive then, which the check at the end tells.
            Tally.Add(refusal.Code);
        }
    }

    private ParallelOptions Bounded() => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
}
