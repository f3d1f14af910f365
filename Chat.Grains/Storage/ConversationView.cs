using Chat.Conversations;

namespace Chat.Storage;

/// <summary>One conversation through the eyes of one member: turns stored rows into what he is shown.</summary>
/// <param name="Conversation">As stored.</param>
/// <param name="Members">All rows, of those who left too.</param>
/// <param name="Reader">His own row.</param>
internal sealed record ConversationView(
    ConversationRow Conversation, IReadOnlyList<MembershipRow> Members, MembershipRow Reader)
{
    /// <summary>The end of the log, as far as this member may know of it.</summary>
    public long LastSeq => Reader.ReadableTo(Conversation.LastSeq);

    public ListCursor Place => new(Conversation.ActiveAt, Conversation.Id);

    public string Version { get; } = VersionFor(Conversation, Members, Reader);

    /// <param name="lastMessage">The entry at <see cref="LastSeq"/>.</param>
    public Conversation Show(Message? lastMessage, long unread)
    {
        var isDirect = Conversation.Kind == ConversationRow.Direct;
        var present = Members.Count(member => member.LeftSeq is null);
        var isShown = present <= Conversations.Conversation.MembersShownMax && Reader.LeftSeq is null;
        return new Conversation(
            Conversation.Id,
            StoredNames.ConversationKind(Conversation.Kind),
            Conversation.Title,
            present,
            isShown
                ? [.. Members.Where(member => member.LeftSeq is null).OrderBy(member => member.UserId).Select(Show)]
                : null,
            LastSeq,
            lastMessage,
            Version,
            unread,
            Reader.Watermarks.ReadSeq,
            Reader.Watermarks.DeliveredSeq,
            ContentJson.ReadRetention(Conversation.Retention),
            isDirect ? null : Conversation.HistoryVisibility,
            isDirect ? null : Conversation.OnlyAdminsSend,
            Reader.JoinedSeq,
            Reader.LeftSeq);
    }

    public static Member Show(MembershipRow row) =>
        new(row.UserId, Chat.Groups.GroupRoles.Word((Chat.Groups.GroupRole)row.Role), row.Watermarks.DeliveredSeq, row.Watermarks.ReadSeq);

    /// <summary>Who left sees no more than his own place; the others' watermarks are not his any more.</summary>
    private static string VersionFor(
        ConversationRow conversation, IReadOnlyList<MembershipRow> members, MembershipRow reader)
    {
        long delivered = 0, read = 0;
        if (reader.LeftSeq is null)
        {
            foreach (var member in members)
            {
                delivered += member.Watermarks.DeliveredSeq;
                read += member.Watermarks.ReadSeq;
            }
        }
        return ConversationVersion.Of(
            reader.ReadableTo(conversation.LastSeq),
            conversation.SettingsVersion,
            delivered,
            read,
            reader.Watermarks.ReadSeq);
    }
}
