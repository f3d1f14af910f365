namespace Chat.Client;

public sealed partial class ChatConnection
{
    /// <summary>
    /// Marks all up to <paramref name="seq"/> as read, and with it as delivered. Remembered once it was given: marked
    /// again after each connect until the server shows it as durable, also where it fails as <c>disconnected</c>.
    /// Errors: <c>not_a_member</c>, <c>invalid</c>.
    /// </summary>
    public async Task<Watermarks> MarkReadAsync(
        string conversationId, long seq, CancellationToken cancellation = default)
    {
        try
        {
            var marks = await MarkAsync(HubMethods.MarkRead, conversationId, seq, cancellation).ConfigureAwait(false);
            Reading(conversationId, seq);
            return marks;
        }
        catch (ChatException e) when (e.Code == ErrorCodes.Disconnected)
        {
            Reading(conversationId, seq);
            throw;
        }
    }

    /// <summary>
    /// Marks all up to <paramref name="seq"/> as delivered. Only needed without
    /// <see cref="ChatConnectionOptions.MarksDelivered"/>. Errors: <c>not_a_member</c>, <c>invalid</c>.
    /// </summary>
    public Task<Watermarks> MarkDeliveredAsync(
        string conversationId, long seq, CancellationToken cancellation = default) =>
        MarkAsync(HubMethods.MarkDelivered, conversationId, seq, cancellation);

    /// <summary>
    /// "Message info": who has got an entry and read it. Errors: <c>not_a_member</c>, <c>message_not_found</c>.
    /// </summary>
    public Task<ReceiptList> GetReceiptsAsync(
        string conversationId, long seq, CancellationToken cancellation = default) =>
        CallAsync<ReceiptList>(
            HubMethods.GetReceipts, new PlaceRequest { ConversationId = conversationId, Seq = seq }, cancellation);

    private Task<Watermarks> MarkAsync(
        string method, string conversationId, long seq, CancellationToken cancellation) =>
        CallAsync<Watermarks>(method, new PlaceRequest { ConversationId = conversationId, Seq = seq }, cancellation);

    private void Reading(string conversationId, long seq)
    {
        if (_options.KeepsLog) _marks.Reading(_log.MarksOf(conversationId), seq);
    }
}
