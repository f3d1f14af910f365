using Chat.Ids;

namespace Chat.Gateway.Wire;

/// <summary><c>{}</c>: asks for nothing in particular.</summary>
internal sealed class EmptyRequest : ClientRequest
{
    protected override void Take(ref FieldReader fields) => fields.Skip();

    protected override void Check(ref FieldReader fields)
    {
    }
}

/// <summary><c>{userId}</c>, of <c>OpenDirect</c>, <c>Block</c> and <c>Unblock</c>.</summary>
internal sealed class UserRequest : ClientRequest
{
    private UserId? _userId;

    public UserId UserId => _userId.GetValueOrDefault();

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("userId"u8))
            _userId = fields.UserId();
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields) => fields.Require(_userId is not null, "userId");
}

/// <summary><c>{conversationId, seq}</c>, of <c>MarkDelivered</c> and <c>MarkRead</c>; 0 marks nothing.</summary>
internal sealed class MarkRequest : ClientRequest
{
    private ConversationId? _conversationId;
    private long? _seq;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public long Seq => _seq.GetValueOrDefault();

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("seq"u8))
            _seq = fields.WholeNumber(min: 0);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        fields.Require(_seq is not null, "seq");
    }
}

/// <summary><c>{conversationId, seq}</c>, of <c>GetReceipts</c>.</summary>
internal sealed class GetReceiptsRequest : ClientRequest
{
    private ConversationId? _conversationId;
    private long? _seq;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public long Seq => _seq.GetValueOrDefault();

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("seq"u8))
            _seq = fields.WholeNumber(min: 1);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        fields.Require(_seq is not null, "seq");
    }
}
