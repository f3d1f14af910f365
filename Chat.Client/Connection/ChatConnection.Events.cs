using Microsoft.Extensions.Logging;

namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>
    /// An entry of a conversation's log: once each, in the order of seq within its conversation, one's own included.
    /// Without <see cref="ChatConnectionOptions.KeepsLog"/>: as it was pushed. What all handlers have returned from is
    /// marked as delivered.
    /// </summary>
    public event Action<LogEntry>? MessageAppended;

    /// <summary>Entries that are not to be had: the log goes on after them. Raised in its place in the order.</summary>
    public event Action<GoneRange>? RangeGone;

    /// <summary>A member's watermarks rose. Cumulative: a lower one that comes late means nothing.</summary>
    public event Action<ReceiptAdvanced>? ReceiptAdvanced;

    /// <summary>
    /// How many of a large group have got and read one's own entry. Cumulative and coalesced: what comes late or lower
    /// means nothing. Small groups raise <see cref="ReceiptAdvanced"/> instead.
    /// </summary>
    public event Action<ReceiptCounts>? ReceiptCounts;

    /// <summary>A conversation's state: pushed, or new since the last connect.</summary>
    public event Action<Conversation>? ConversationChanged;

    /// <summary>The presence of somebody watched: pushed, or as found after a reconnect.</summary>
    public event Action<Presence>? PresenceChanged;

    /// <summary>Somebody began or ended typing.</summary>
    public event Action<TypingChanged>? TypingChanged;

    /// <summary>
    /// Pushes were dropped on the way, or here because the handlers were too slow. The log is resumed by itself; ticks
    /// and presence shown may be stale until then.
    /// </summary>
    public event Action<ResyncRequired>? ResyncRequired;

    /// <summary>The gateway is going away; the device moves to the next one by itself.</summary>
    public event Action<Draining>? Draining;

    /// <summary>All that was lacking after a connect or a resync has been raised.</summary>
    public event Action? CaughtUp;

    /// <summary>The connection's state changed.</summary>
    public event Action<StateChange>? StateChanged;

    /// <summary>
    /// On SignalR's thread: no more than to queue it, and to hear at once that the gateway goes away.
    /// </summary>
    private void OnPush(HubLink link, object push)
    {
        if (push is Draining draining) _ = MoveOnAsync(link, draining);
        _inbox.Post(push);
    }

    private async Task MoveOnAsync(HubLink link, Draining draining)
    {
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(draining.ReconnectAfterMs, 0, 600_000));
        // Whichever comes first; the timer of a link that is lost meanwhile finds it over.
        await Task.WhenAny(link.Over, Task.Delay(wait, _options.Time)).ConfigureAwait(false);
        link.End(new LinkEnd(null, TimeSpan.Zero));
    }

    /// <summary>In the inbox's turn.</summary>
    private void Handle(object item)
    {
        switch (item)
        {
            case Message message when !_options.KeepsLog:
                RaiseEntry(new LogEntry(message, message.SenderId == UserId, EntrySource.Push));
                break;
            case Message message:
                Suspect(message.ConversationId, _log.Offer(message, EntrySource.Push));
                break;
            case OwnSend { Answer.Duplicate: true } own:
                // The first answer may have been to other content: read it.
                Suspect(own.Answer.ConversationId, _log.Learn(own.Answer.ConversationId, own.Answer.Seq));
                break;
            case OwnSend own:
                Suspect(own.Answer.ConversationId, _log.Offer(own.ToMessage(UserId), EntrySource.Acknowledgement));
                break;
            case Conversation conversation:
                if (_options.KeepsLog) Suspect(conversation.ConversationId, _log.Learn(conversation));
                RaiseConversation(conversation);
                break;
            case ReceiptAdvanced receipt:
                Raise(ReceiptAdvanced, receipt);
                break;
            case ReceiptCounts counts:
                Raise(ReceiptCounts, counts);
                break;
            case Presence presence:
                RaisePresence(presence);
                break;
            case TypingChanged typing:
                Raise(TypingChanged, typing);
                break;
            case Draining draining:
                Raise(Draining, draining);
                break;
            case ResyncRequired resync:
                if (_options.KeepsLog) _catchUp.Resume();
                Raise(ResyncRequired, resync);
                break;
        }
    }

    private void OnDropped()
    {
        Handle(new ResyncRequired());
        if (_slot.Current is { } link) _watches.Again(link);
    }

    private void Suspect(string conversationId, bool hasGap)
    {
        if (hasGap) _catchUp.Suspect(conversationId);
    }

    private void OnStateChanged(StateChange change)
    {
        Volatile.Write(ref _state, (int)change.State);
        _inbox.Run(() => Raise(StateChanged, change));
    }

    private void RaiseEntry(LogEntry entry) => Raise(MessageAppended, entry);

    private void RaiseGone(GoneRange range) => Raise(RangeGone, range);

    private void RaiseConversation(Conversation conversation) => Raise(ConversationChanged, conversation);

    private void RaisePresence(Presence presence) => Raise(PresenceChanged, presence);

    private void Raise<T>(Action<T>? handlers, T value)
    {
        try
        {
            handlers?.Invoke(value);
        }
        catch (Exception e)
        {
            // The app's fault: this one event is lost to it. The device goes on.
            LogHandlerFailed(e, typeof(T).Name);
        }
    }

    private void Raise(Action? handlers)
    {
        try
        {
            handlers?.Invoke();
        }
        catch (Exception e)
        {
            // As above.
            LogHandlerFailed(e, nameof(CaughtUp));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A handler of {Event} threw")]
    private partial void LogHandlerFailed(Exception e, string @event);
}
