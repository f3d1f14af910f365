using Chat.Conversations;
using Chat.Ids;

namespace Chat.Gateway.Wire;

/// <summary>What all pages have in common.</summary>
internal static class Page
{
    /// <summary>Items of a page where nothing is said.</summary>
    public const int LimitDefault = 50;

    /// <summary>Items of one page of conversations or members.</summary>
    public const int LimitMax = 200;

    /// <summary>Longer than any cursor that we give out.</summary>
    public const int CursorBytesMax = 256;
}

/// <summary><c>{cursor?, limit?}</c>.</summary>
internal sealed class GetConversationsRequest : ClientRequest
{
    public string? Cursor { get; private set; }
    public int Limit { get; private set; } = Page.LimitDefault;

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("cursor"u8))
            Cursor = fields.Text(Page.CursorBytesMax);
        else if (fields.Is("limit"u8))
            Limit = (int)(fields.WholeNumber(1, Page.LimitMax) ?? Page.LimitDefault);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
    }
}

/// <summary><c>{conversationId, cursor?, limit?}</c>.</summary>
internal sealed class GetMembersRequest : ClientRequest
{
    private ConversationId? _conversationId;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public string? Cursor { get; private set; }
    public int Limit { get; private set; } = Page.LimitDefault;

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("cursor"u8))
            Cursor = fields.Text(Page.CursorBytesMax);
        else if (fields.Is("limit"u8))
            Limit = (int)(fields.WholeNumber(1, Page.LimitMax) ?? Page.LimitDefault);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields) =>
        fields.Require(_conversationId is not null, "conversationId");
}

/// <summary><c>{conversationId, before?, after?, around?, limit?}</c>; at most one of the three places.</summary>
internal sealed class GetHistoryRequest : ClientRequest
{
    private ConversationId? _conversationId;
    private long? _before;
    private long? _after;
    private long? _around;
    private long? _limit;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public HistoryQuery Query { get; private set; } = new(null, null, null, Page.LimitDefault);

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("before"u8))
            _before = fields.WholeNumber(min: 1);
        else if (fields.Is("after"u8))
            _after = fields.WholeNumber(min: 0);
        else if (fields.Is("around"u8))
            _around = fields.WholeNumber(min: 1);
        else if (fields.Is("limit"u8))
            _limit = fields.WholeNumber(1, fields.Limits.HistoryPage);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        var places = (_before is null ? 0 : 1) + (_after is null ? 0 : 1) + (_around is null ? 0 : 1);
        if (places > 1)
            fields.Refuse("before", "excludes after and around, and they one another");
        var limit = _limit ?? Math.Min(Page.LimitDefault, fields.Limits.HistoryPage);
        Query = new HistoryQuery(_before, _after, _around, (int)limit);
    }
}
