using Chat.Conversations;
using Chat.Ids;

namespace Chat.Gateway.Wire;

/// <summary>
/// <c>{conversations: [{conversationId, seq, version?}]}</c>: what the device holds. Ids that we never gave out are
/// left out here, like all that are not the caller's.
/// </summary>
internal sealed class ResumeRequest : ClientRequest
{
    public const int ConversationsMax = 10_000;
    private const int VersionBytesMax = 256;

    private List<HeldConversation>? _held;

    public IReadOnlyList<HeldConversation> Held => _held ?? [];

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversations"u8))
            _held = TakeHeld(ref fields);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields) => fields.Require(_held is not null, "conversations");

    private static List<HeldConversation>? TakeHeld(ref FieldReader fields)
    {
        if (!fields.TryBeginArray(ConversationsMax, out var outer))
            return null;
        var held = new List<HeldConversation>();
        while (fields.NextItem())
        {
            if (TakeOne(ref fields) is { } one)
                held.Add(one);
        }
        fields.End(outer);
        return held;
    }

    private static HeldConversation? TakeOne(ref FieldReader fields)
    {
        if (!fields.TryBegin("conversations[].", out var outer))
        {
            fields.Refuse("conversations", "must hold objects");
            return null;
        }
        ConversationId? id = null;
        long? seq = null;
        string? version = null;
        while (fields.NextField())
        {
            if (fields.Is("conversationId"u8))
                id = fields.AnyConversationId();
            else if (fields.Is("seq"u8))
                seq = fields.WholeNumber(min: 0);
            else if (fields.Is("version"u8))
                version = fields.Text(VersionBytesMax);
            else
                fields.Skip();
        }
        fields.Require(id is not null, "conversationId");
        fields.Require(seq is not null, "seq");
        fields.End(outer);
        return id is { } known && known != default && seq is { } upTo
            ? new HeldConversation(known, upTo, version)
            : null;
    }
}
