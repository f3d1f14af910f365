using Chat.Groups;
using Chat.Ids;
using Chat.Refusals;
using Chat.Storage;

namespace Chat.Conversations;

/// <summary>The entries that a sender may read: what lies outside is not there for him.</summary>
internal readonly record struct ReadableRange(long FirstSeq, long LastSeq)
{
    public bool Contains(long seq) => seq >= FirstSeq && seq <= LastSeq;
}

/// <summary>
/// What an entry may say about another: a reply needs one that exists; an edit, one's own text or picture; a delete,
/// one's own or, by a group's admins, anybody's; a reaction, any text or picture that is still there.
/// </summary>
internal static class TargetRule
{
    public static async ValueTask<Refusal?> FindRefusalAsync(
        IMessageLog log, ConversationId id, ReadableRange readable, GroupRole role, SendCommand command)
    {
        var content = command.Content;
        if (content.Kind is ContentKind.Text or ContentKind.Image)
            return content.ReplyTo is { } answered && !readable.Contains(answered) ? Refusal.MessageNotFound : null;
        if (content.TargetSeq is not { } target || !readable.Contains(target)) return Refusal.MessageNotFound;
        var head = await log.GetHeadAsync(id, target, CancellationToken.None);
        return head switch
        {
            null => Refusal.MessageNotFound,
            { Kind: not (ContentKind.Text or ContentKind.Image) } => Refusal.MessageNotFound,
            _ when content.Kind is ContentKind.Reaction || head.SenderId == command.SenderId => null,
            _ when content.Kind is ContentKind.Delete => GroupRules.OnAct(role, GroupAct.DeleteOthersMessages),
            _ => Refusal.Forbidden,
        };
    }
}
