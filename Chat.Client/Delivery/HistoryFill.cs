using Microsoft.Extensions.Logging;

namespace Chat.Client;

/// <summary>
/// Pages one conversation from what the device holds until nothing is lacking. A hole that the server does not explain
/// is asked for <see cref="TriesMax"/> times and then given up as gone, and logged as an error.
/// </summary>
internal sealed partial class HistoryFill(
    ChatConnectionOptions options, DeviceLog log, Inbox inbox, BackOff backOff, ILogger logger)
{
    private const int TriesMax = 3;

    /// <summary>What a server allows unless told; asked for until one refuses it.</summary>
    private int? _pageSize = 200;

    public async Task FillAsync(HubLink link, string conversationId)
    {
        var tries = 0;
        while (log.HasGap(conversationId))
        {
            if (await TryReadAsync(link, conversationId).ConfigureAwait(false) is not { } page) continue;
            long? hole = null;
            await inbox.RunAsync(() => hole = log.Apply(conversationId, page.Messages, page.Gone))
                .ConfigureAwait(false);
            if (hole is null && page.HasMore && page.Messages.Count + page.Gone.Count > 0) continue;
            if (hole is null)
            {
                await inbox.RunAsync(() => log.ForgetUnheard(conversationId)).ConfigureAwait(false);
                if (!log.HasGap(conversationId)) return;
            }

            // Either the page has a hole, or what is held back was pushed but can't be read: ask again, then let go.
            if (++tries < TriesMax)
            {
                await Task.Delay(backOff.Wait(tries), options.Time).ConfigureAwait(false);
                continue;
            }

            await inbox.RunAsync(() => GiveUp(conversationId, hole)).ConfigureAwait(false);
            tries = 0;
        }
    }

    private async Task<HistoryPage?> TryReadAsync(HubLink link, string conversationId)
    {
        var request = new HistoryRequest
        {
            ConversationId = conversationId,
            After = log.HeldOf(conversationId),
            Limit = _pageSize,
        };
        try
        {
            return await link.CallAsync<HistoryPage>(HubMethods.GetHistory, request, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (ChatException e) when (e.Code == ErrorCodes.Invalid && _pageSize is not null)
        {
            // This server's pages are smaller: it shall say how small.
            _pageSize = null;
            return null;
        }
    }

    private void GiveUp(string conversationId, long? hole)
    {
        var to = hole ?? log.FirstHeldBackOf(conversationId);
        LogHole(conversationId, log.HeldOf(conversationId) + 1, to - 1);
        log.SkipTo(conversationId, to);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{ConversationId}: {From}–{To} unexplained; skipped")]
    private partial void LogHole(string conversationId, long from, long to);
}
