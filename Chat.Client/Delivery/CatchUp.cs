using Microsoft.Extensions.Logging;

namespace Chat.Client;

/// <summary>
/// Asks for what a device lacks: <c>Resume</c> after each connect and when pushes were dropped, <c>GetHistory</c> where
/// a gap stays or a conversation was cut off. One worker at most; what is asked for meanwhile is asked for once.
/// </summary>
/// <remarks>
/// Answers are applied in the <see cref="Inbox"/>'s turn and waited for, so slow handlers slow the asking down.
/// </remarks>
internal sealed partial class CatchUp(
    ChatConnectionOptions options, LinkSlot slot, DeviceLog log, Inbox inbox, BackOff backOff, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _gaps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _suspects = new(StringComparer.Ordinal);
    private readonly HistoryFill _fill = new(options, log, inbox, backOff, logger);
    private bool _resumeWanted;
    private bool _isRunning;
    private bool _isPatient;

    /// <summary>A <c>Resume</c> was answered and applied, or failed: the link may be used for other things.</summary>
    public required Action<HubLink> Resumed { get; init; }

    /// <summary>All that was asked for has been raised.</summary>
    public required Action CaughtUp { get; init; }

    /// <summary>A conversation's new state came with a <c>Resume</c>.</summary>
    public required Action<Conversation> ConversationResumed { get; init; }

    /// <summary>Asks for everything that the device lacks.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _resumeWanted = true;
            Start();
        }
    }

    /// <summary>There is a gap, which may close by itself: looks again after a while.</summary>
    public void Suspect(string conversationId)
    {
        lock (_gate)
        {
            _suspects.Add(conversationId);
            if (_isPatient) return;
            _isPatient = true;
            _ = LookAgainAsync();
        }
    }

    private async Task LookAgainAsync()
    {
        await Task.Delay(options.GapPatience, options.Time).ConfigureAwait(false);
        lock (_gate)
        {
            _isPatient = false;
            _gaps.UnionWith(_suspects);
            _suspects.Clear();
            Start();
        }
    }

    private void Start()
    {
        if (_isRunning || slot.Current is null) return;
        _isRunning = true;
        _ = RunAsync();
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var attempt = 0;
        HubLink? resumed = null;
        while (TryTake(resumed, out var link, out var gap))
        {
            try
            {
                if (gap is null) await ResumeAsync(link).ConfigureAwait(false);
                else await _fill.FillAsync(link, gap).ConfigureAwait(false);
                if (gap is null) resumed = link;
                attempt = 0;
            }
            catch (ChatException e) when (e.Code == ErrorCodes.Disconnected)
            {
                // The next link resumes.
            }
            catch (ChatException e) when (e.Code == ErrorCodes.Unauthenticated)
            {
                link.End(new LinkEnd(e, null, TokenRefused: true));
            }
            catch (Exception e)
            {
                await FailedAsync(link, gap, e, attempt++).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What to do next: a resume before gaps, since it may close them.</summary>
    private bool TryTake(HubLink? resumed, out HubLink link, out string? gap)
    {
        lock (_gate)
        {
            gap = null;
            link = slot.Current!;
            if (link is not null && _resumeWanted)
            {
                _resumeWanted = false;
                return true;
            }

            if (link is not null && _gaps.Count > 0)
            {
                gap = _gaps.First();
                _gaps.Remove(gap);
                return true;
            }

            _isRunning = false;
            // In the inbox's turn, so that it comes after all that was applied.
            if (link is not null && resumed == link) inbox.Run(CaughtUp);
            return false;
        }
    }

    private async Task ResumeAsync(HubLink link)
    {
        var request = new ResumeRequest { Conversations = log.Held() };
        var answer = await link.CallAsync<ResumeAnswer>(HubMethods.Resume, request, CancellationToken.None)
            .ConfigureAwait(false);
        await inbox.RunAsync(() => Apply(answer)).ConfigureAwait(false);
        Resumed(link);
    }

    private void Apply(ResumeAnswer answer)
    {
        var cutOff = answer.Truncated.ToHashSet(StringComparer.Ordinal);
        var messages = answer.Messages.ToLookup(message => message.ConversationId, StringComparer.Ordinal);
        var gone = answer.Gone.ToLookup(range => range.ConversationId ?? "", StringComparer.Ordinal);
        foreach (var conversation in answer.Conversations)
        {
            var id = conversation.ConversationId;
            log.Learn(conversation, fromItsEnd: !options.PagesUnknownConversations && cutOff.Contains(id));
            ConversationResumed(conversation);
        }

        var named = answer.Conversations.Select(conversation => conversation.ConversationId)
            .Concat(messages.Select(group => group.Key))
            .Concat(gone.Select(group => group.Key))
            .Concat(answer.Truncated)
            .Distinct(StringComparer.Ordinal);
        foreach (var id in named)
        {
            if (!cutOff.Contains(id)) log.Apply(id, messages[id], gone[id]);
            if (log.HasGap(id)) Gap(id);
        }
    }

    private async Task FailedAsync(HubLink link, string? gap, Exception error, int attempt)
    {
        var refusal = error as ChatException;
        LogCatchUpFailed(error, refusal?.Code, gap);
        if (gap is not null
            && refusal?.Code is ErrorCodes.NotAMember or ErrorCodes.ConversationNotFound or ErrorCodes.Forbidden)
        {
            // Not this user's to read any more: nothing is lacking.
            await inbox.RunAsync(() => log.ForgetUnheard(gap)).ConfigureAwait(false);
            return;
        }

        // Sends need not wait for a server that is too busy to resume.
        Resumed(link);
        await Task.Delay(backOff.Wait(attempt, refusal?.RetryAfter), options.Time).ConfigureAwait(false);
        lock (_gate)
        {
            if (gap is null) _resumeWanted = true;
            else _gaps.Add(gap);
        }
    }

    private void Gap(string conversationId)
    {
        lock (_gate) _gaps.Add(conversationId);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Catching up failed ({Code}) {ConversationId}")]
    private partial void LogCatchUpFailed(Exception e, string? code, string? conversationId);
}
