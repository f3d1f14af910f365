namespace Chat.Client;

/// <summary>
/// A send of this connection that was answered: its place in the log is known, and nobody will push it.
/// </summary>
internal sealed record OwnSend(SendRequest Request, SendAnswer Answer)
{
    public Message ToMessage(string userId) => new()
    {
        ConversationId = Answer.ConversationId,
        Seq = Answer.Seq,
        MessageId = Answer.MessageId,
        ClientMessageId = Request.ClientMessageId,
        SenderId = userId,
        SentAt = Answer.SentAt,
        ExpiresAt = Answer.ExpiresAt,
        Content = Request.Content ?? new Content(),
    };
}
