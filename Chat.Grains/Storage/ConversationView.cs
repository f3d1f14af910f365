using Chat.Conversations;
using Chat.Groups;

namespace Chat.Storage;

/// <summary>One conversation through the eyes of one member: turns stored rows into what he is shown.</summary>
/// <param name="Conversation">As stored.</param>
/// <param name="Members">
/// Those who are members now; null: they are not shown, being too many, or the reader has left.
/// </param>
/// <param name="Reader">His own row.</param>
/// <param name="Hidden">Known of the members shown and of the reader.</param>
internal sealed record ConversationView(
    ConversationRow Conversation, IReadOnlyList<MembershipRow>? Members, ReaderRow Reader, HiddenReading Hidden)
{
    public ReadingWindow Window { get; } =
        ReadingWindow.Of(Reader.Member, Conversation.HistoryVisibility, Conversation.LastSeq);

    /// <summary>The end of the log, as far as this member may know of it.</summary>
    public long LastSeq => Window.ToSeq;

    public ListCursor Place => PlaceOf(Conversation, Reader);

    public string Version { get; } = VersionFor(Conversation, Members, Reader, Hidden);

    /// <summary>Where it stands in the reader's list: for who has left it does not rise any more.</summary>
    public static ListCursor PlaceOf(ConversationRow conversation, ReaderRow reader)
    {
        var activeAt = reader.Member.LeftSeq is null ? conversation.LastSentAt : reader.LeftAt;
        return new ListCursor(activeAt ?? conversation.CreatedAt, conversation.Id);
    }

    public static bool ShowsMembers(ConversationRow conversation, MembershipRow reader) =>
        reader.LeftSeq is null && conversation.MemberCount <= Conversations.Conversation.MembersShownMax;

    /// <param name="lastMessage">The entry at <see cref="LastSeq"/>.</param>
    public Conversation Show(Message? lastMessage, long unread)
    {
        var (member, settings) = (Reader.Member, Conversation.Settings);
        return new Conversation(
            Conversation.Id,
            StoredNames.ConversationKind(Conversation.Kind),
            Conversation.Title,
            Members?.Count ?? Conversation.MemberCount,
            Members is null ? null : [.. Members.OrderBy(each => each.UserId).Select(ShowMember)],
            LastSeq,
            lastMessage,
            Version,
            unread,
            member.Watermarks.ReadSeq,
            member.Watermarks.DeliveredSeq,
            ContentJson.ReadRetention(Conversation.Retention),
            settings?.HistoryVisibility,
            settings?.OnlyAdminsSend,
            Window.FromSeq,
            member.LeftSeq,
            settings?.Description,
            settings?.PictureMediaId,
            settings is null ? null : GroupRoles.Word(member.Role),
            Reader.MutedUntil);
    }

    public static Member Show(MembershipRow row, bool hidesReading) => new(
        row.UserId,
        GroupRoles.Word(row.Role),
        row.Watermarks.DeliveredSeq,
        hidesReading ? null : row.Watermarks.ReadSeq);

    private Member ShowMember(MembershipRow row) =>
        Show(row, Hidden.Between(Reader.Member.UserId, row.UserId, Conversation.IsDirect));

    /// <summary>Where no members are shown, their watermarks change nothing that he sees.</summary>
    private static string VersionFor(
        ConversationRow conversation, IReadOnlyList<MembershipRow>? members, ReaderRow reader, HiddenReading hidden)
    {
        var own = reader.Member.Watermarks;
        var (delivered, read, hiding) = (0L, 0L, 0L);
        foreach (var member in members ?? [reader.Member])
        {
            delivered += member.Watermarks.DeliveredSeq;
            if (hidden.Between(reader.Member.UserId, member.UserId, conversation.IsDirect))
                hiding ^= ConversationVersion.MarkOf(member.UserId);
            else
                read += member.Watermarks.ReadSeq;
        }
        var window = ReadingWindow.Of(reader.Member, conversation.HistoryVisibility, conversation.LastSeq);
        return ConversationVersion.Of(
            window.ToSeq,
            conversation.SettingsVersion,
            delivered,
            read,
            own.ReadSeq,
            reader.MutedUntil?.ToUnixTimeMilliseconds() ?? 0,
            hiding);
    }
}
