namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>Sends that are in the outbox, unanswered.</summary>
    public int PendingSends => _outbox.Count;

    /// <summary>
    /// Sends, and completes once the message is durable. With <see cref="ChatConnectionOptions.Resends"/> it waits
    /// through disconnects and retryable refusals, sending again under the same id; sends to one conversation keep
    /// their order.
    /// </summary>
    /// <param name="conversationId">Where to.</param>
    /// <param name="content">What: see <see cref="Content"/>.</param>
    /// <param name="clientMessageId">
    /// The send's own id, to make it once over restarts of the app; new unless told.
    /// </param>
    /// <param name="cancellation">Ends the wait; whether it was sent is then unknown.</param>
    /// <exception cref="ChatException">
    /// Refused: <c>not_a_member</c>, <c>blocked</c>, <c>content_too_large</c> (past 128 KiB by this client, without
    /// asking the server), <c>message_not_found</c>, <c>forbidden</c>, <c>invalid</c>; or <c>outbox_full</c>. Without
    /// resends, any other too.
    /// </exception>
    public Task<SendAnswer> SendAsync(
        string conversationId,
        Content content,
        string? clientMessageId = null,
        CancellationToken cancellation = default)
    {
        var request = new SendRequest
        {
            ConversationId = conversationId,
            ClientMessageId = clientMessageId ?? NewClientMessageId(),
            Content = content,
        };
        // A gateway closes the connection on a much longer one: it would be sent again for ever, and never be refused.
        if (WireFormat.BytesOf(request, _options.Encoding) > WireFormat.HubMessageBytesMax)
            return Task.FromException<SendAnswer>(TooLarge());
        return _options.Resends ? _outbox.SendAsync(request, cancellation) : SendOnceAsync(request, cancellation);
    }

    /// <summary>Sends a text; see <see cref="SendAsync"/>.</summary>
    public Task<SendAnswer> SendTextAsync(
        string conversationId, string text, CancellationToken cancellation = default) =>
        SendAsync(conversationId, Content.OfText(text), null, cancellation);

    /// <summary>A fresh client message id: a UUIDv7 of the connection's clock.</summary>
    public string NewClientMessageId() => Guid.CreateVersion7(_options.Time.GetUtcNow()).ToString();

    /// <summary>
    /// A page of a conversation, ascending: before, after or around a seq, of which at most one is given; the newest
    /// page otherwise. Not raised as events, and no cursor moves. Errors: <c>not_a_member</c>, <c>invalid</c>.
    /// </summary>
    public Task<HistoryPage> GetHistoryAsync(
        string conversationId,
        long? before = null,
        long? after = null,
        long? around = null,
        int? limit = null,
        CancellationToken cancellation = default) =>
        CallAsync<HistoryPage>(
            HubMethods.GetHistory,
            new HistoryRequest
            {
                ConversationId = conversationId,
                Before = before,
                After = after,
                Around = around,
                Limit = limit,
            },
            cancellation);

    /// <summary>
    /// Asks now for whatever the device lacks, as after a connect; <see cref="CaughtUp"/> tells the end. Several
    /// askings at once become one.
    /// </summary>
    public void Resync()
    {
        if (_options.KeepsLog) _catchUp.Resume();
    }

    /// <summary>The contiguous seq that the device holds of a conversation; 0: nothing.</summary>
    public long GetHeldSeq(string conversationId) => _log.HeldOf(conversationId);

    /// <summary>
    /// One hub call and nothing around it: no outbox, no cursors, no retry. For measurements, and for methods that are
    /// newer than this client. A <c>Send</c> made this way is found by its gap and raised as <see
    /// cref="EntrySource.CatchUp"/>.
    /// </summary>
    /// <param name="method">One of <see cref="HubMethods"/>, or a newer one.</param>
    /// <param name="argument">The request record of the method.</param>
    /// <param name="cancellation">Ends the wait, not the call.</param>
    public Task<T> InvokeRawAsync<T>(string method, object argument, CancellationToken cancellation = default) =>
        CallAsync<T>(method, argument, cancellation);

    private async Task<SendAnswer> SendOnceAsync(SendRequest request, CancellationToken cancellation)
    {
        var answer = await CallAsync<SendAnswer>(HubMethods.Send, request, cancellation).ConfigureAwait(false);
        OnAnswered(request, answer);
        return answer;
    }

    private static ChatException TooLarge() =>
        new(ErrorCodes.ContentTooLarge, "More than a hub message may have; it was not sent.", retryable: false);

    private void OnAnswered(SendRequest request, SendAnswer answer)
    {
        if (_options.KeepsLog) _inbox.Post(new OwnSend(request, answer));
    }

    private Task<T> CallAsync<T>(string method, object argument, CancellationToken cancellation)
    {
        try
        {
            return _slot.Require().CallAsync<T>(method, argument, cancellation);
        }
        catch (ChatException e)
        {
            return Task.FromException<T>(e);
        }
    }

    /// <summary>A call that may have added an entry, whose push may be lost.</summary>
    private async Task<Conversation> ChangeAsync(string method, object argument, CancellationToken cancellation)
    {
        var conversation = await CallAsync<Conversation>(method, argument, cancellation).ConfigureAwait(false);
        if (_options.KeepsLog)
            _inbox.Run(() => Suspect(conversation.ConversationId, _log.Learn(conversation)));
        return conversation;
    }
}
