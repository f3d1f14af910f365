using Chat.Ids;
using Chat.Refusals;
using Chat.Storage;

namespace Chat.Conversations;

/// <summary>
/// What an entry may say about another: a reply needs one that exists; an edit and a delete, one's own text or picture;
/// a reaction, any text or picture that is still there.
/// </summary>
internal static class TargetRule
{
    public static async ValueTask<Refusal?> FindRefusalAsync(
        IMessageLog log, ConversationId id, long lastSeq, SendCommand command)
    {
        var content = command.Content;
        if (content.Kind is ContentKind.Text or ContentKind.Image)
            return content.ReplyTo > lastSeq ? Refusal.MessageNotFound : null;
        if (content.TargetSeq is not { } target || target > lastSeq) return Refusal.MessageNotFound;
        var head = await log.GetHeadAsync(id, target, CancellationToken.None);
        return head switch
        {
            null => Refusal.MessageNotFound,
            { Kind: not (ContentKind.Text or ContentKind.Image) } => Refusal.MessageNotFound,
            _ when content.Kind is ContentKind.Reaction => null,
            _ => head.SenderId == command.SenderId ? null : Refusal.Forbidden,
        };
    }
}
