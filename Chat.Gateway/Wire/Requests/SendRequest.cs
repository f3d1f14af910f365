using Chat.Conversations;
using Chat.Ids;

namespace Chat.Gateway.Wire;

/// <summary>
/// <c>{conversationId, clientMessageId, content}</c>. Over REST the conversation stands in the address, and may stand
/// here too.
/// </summary>
internal sealed class SendRequest : ClientRequest
{
    private const int ClientMessageIdLengthMax = 64;

    private ConversationId? _conversationId;

    public ConversationId ConversationId
    {
        get => _conversationId.GetValueOrDefault();
        init => _conversationId = value;
    }

    public string ClientMessageId { get; private set; } = "";
    public Content Content { get; private set; } = Content.Deleted;

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("clientMessageId"u8))
            ClientMessageId = fields.PrintableAscii(ClientMessageIdLengthMax) ?? "";
        else if (fields.Is("content"u8))
            Content = ContentFields.Take(ref fields) ?? Content.Deleted;
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        fields.Require(ClientMessageId.Length > 0, "clientMessageId");
        fields.Require(!ReferenceEquals(Content, Content.Deleted), "content");
    }
}
