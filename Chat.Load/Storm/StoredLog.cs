using System.Runtime.CompilerServices;
using Chat.Client;
using Chat.Load.Accounts;

namespace Chat.Load.Storm;

/// <summary>What the log of one pair holds, against what was acknowledged.</summary>
/// <param name="Held">Messages of this run.</param>
/// <param name="LastSeq">The newest seq; 0: none.</param>
/// <param name="Lost">Acknowledged, and not at their seq.</param>
/// <param name="Doubled">Under more than one seq.</param>
/// <param name="Wrong">Entries that nobody sent so, or gaps in seq.</param>
internal readonly record struct StoredLog(int Held, long LastSeq, long Lost, long Doubled, long Wrong)
{
    private const int PageSize = 200;

    public static async Task<StoredLog> ReadAsync(int number, StormPair pair, StormRun run, CancellationToken stop)
    {
        var acks = pair.Ledger.Acks();
        var places = new long[acks.Length];
        var (last, doubled, wrong) = (0L, 0L, 0L);
        await foreach (var message in EntriesAsync(pair, stop))
        {
            if (message.Seq != last + 1) wrong++;
            last = message.Seq;
            if (!run.Ids.TryRead(message.ClientMessageId, out var whose, out var sent)
                || whose != number
                || sent >= places.Length
                || message.SenderId != pair.Alice.UserId
                || message.Content.Text != run.Content.Text)
                wrong++;
            else if (places[sent] != 0) doubled++;
            else places[sent] = message.Seq;
        }

        var lost = acks.Index().Count(ack => ack.Item != 0 && places[ack.Index] != ack.Item);
        return new StoredLog(places.Count(seq => seq != 0), last, lost, doubled, wrong);
    }

    private static async IAsyncEnumerable<Message> EntriesAsync(
        StormPair pair, [EnumeratorCancellation] CancellationToken stop)
    {
        for (long after = 0; ;)
        {
            var page = await Insistence.AskAsync(
                () => pair.Alice.GetHistoryAsync(
                    pair.ConversationId, after: after, limit: PageSize, cancellation: stop),
                stop);
            foreach (var message in page.Messages) yield return message;
            if (!page.HasMore || page.Messages.Count == 0) yield break;
            after = page.Messages[^1].Seq;
        }
    }
}
