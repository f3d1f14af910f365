using Chat.Ids;

namespace Chat.Gateway.Wire;

/// <summary><c>{conversationId, expiresAfterSeconds?, usesMax?}</c>.</summary>
internal sealed class CreateInviteRequest : ClientRequest
{
    private const int SecondsMax = 366 * 24 * 3600;
    private const int UsesMaxMax = 1_000_000;

    private ConversationId? _conversationId;
    private long? _expiresAfterSeconds;
    private long? _usesMax;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public TimeSpan? ExpiresAfter => _expiresAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    public int? UsesMax => (int?)_usesMax;

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("expiresAfterSeconds"u8))
            _expiresAfterSeconds = fields.WholeNumber(1, SecondsMax);
        else if (fields.Is("usesMax"u8))
            _usesMax = fields.WholeNumber(1, UsesMaxMax);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields) =>
        fields.Require(_conversationId is not null, "conversationId");
}

/// <summary><c>{code}</c>, of <c>JoinByInvite</c>.</summary>
internal sealed class JoinByInviteRequest : ClientRequest
{
    public const int CodeLengthMax = 64;

    public string Code { get; private set; } = "";

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("code"u8))
            Code = fields.PrintableAscii(CodeLengthMax) ?? "";
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields) => fields.Require(Code.Length > 0, "code");
}

/// <summary><c>{conversationId, code}</c>.</summary>
internal sealed class RevokeInviteRequest : ClientRequest
{
    private ConversationId? _conversationId;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public string Code { get; private set; } = "";

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("code"u8))
            Code = fields.PrintableAscii(JoinByInviteRequest.CodeLengthMax) ?? "";
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        fields.Require(Code.Length > 0, "code");
    }
}

/// <summary><c>{conversationId, forSeconds?}</c>; absent or 0: not muted.</summary>
internal sealed class SetMutedRequest : ClientRequest
{
    private const long SecondsMax = 100L * 366 * 24 * 3600;

    private ConversationId? _conversationId;
    private long? _forSeconds;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public TimeSpan? For => _forSeconds is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("forSeconds"u8))
            _forSeconds = fields.WholeNumber(0, SecondsMax);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields) =>
        fields.Require(_conversationId is not null, "conversationId");
}
