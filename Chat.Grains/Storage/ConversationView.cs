using Chat.Conversations;
using Chat.Groups;

namespace Chat.Storage;

/// <summary>One conversation through the eyes of one member: turns stored rows into what he is shown.</summary>
/// <param name="stored">As it is now.</param>
/// <param name="members">
/// Those who are members now; null: they are not shown, being too many, or the reader has left.
/// </param>
/// <param name="reader">His own row.</param>
/// <param name="hidden">Known of the members shown and of the reader.</param>
internal sealed class ConversationView(
    ConversationRow stored, IReadOnlyList<MembershipRow>? members, ReaderRow reader, HiddenReading hidden)
{
    /// <summary>As far as the reader may know of it.</summary>
    public ConversationRow Conversation { get; } = reader.Sees(stored);

    public ReaderRow Reader => reader;

    public ReadingWindow Window { get; } =
        ReadingWindow.Of(reader.Member, stored.HistoryVisibility, stored.LastSeq);

    /// <summary>The end of the log, as far as this member may know of it.</summary>
    public long LastSeq => Window.ToSeq;

    public ListCursor Place => PlaceOf(Conversation, reader);

    public string Version => field ??= MakeVersion();

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
        var (member, settings) = (reader.Member, Conversation.Settings);
        return new Conversation(
            Conversation.Id,
            StoredNames.ConversationKind(Conversation.Kind),
            Conversation.Title,
            members?.Count ?? Conversation.MemberCount,
            members is null ? null : [.. members.OrderBy(each => each.UserId).Select(ShowMember)],
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
            reader.MutedUntil);
    }

    /// <summary>What is delivered is no optional field: where it is hidden it is as if nothing were.</summary>
    public static Member Show(MembershipRow row, ShownMarks shown) => new(
        row.UserId,
        GroupRoles.Word(row.Role),
        shown is ShownMarks.None ? 0 : row.Watermarks.DeliveredSeq,
        shown is ShownMarks.Both ? row.Watermarks.ReadSeq : null);

    private Member ShowMember(MembershipRow row) =>
        Show(row, hidden.Between(reader.Member.UserId, row.UserId, Conversation.IsDirect));

    /// <summary>Where no members are shown, their watermarks change nothing that he sees.</summary>
    private string MakeVersion()
    {
        var (delivered, read, hiding) = (0L, 0L, 0L);
        foreach (var member in members ?? [reader.Member])
        {
            var shown = hidden.Between(reader.Member.UserId, member.UserId, Conversation.IsDirect);
            if (shown is not ShownMarks.None)
                delivered += member.Watermarks.DeliveredSeq;
            if (shown is ShownMarks.Both)
                read += member.Watermarks.ReadSeq;
            else
                hiding ^= ConversationVersion.MarkOf(member.UserId, shown);
        }
        return ConversationVersion.Of(
            LastSeq,
            Conversation.SettingsVersion,
            delivered,
            read,
            reader.Member.Watermarks.ReadSeq,
            reader.MutedUntil?.ToUnixTimeMilliseconds() ?? 0,
            hiding);
    }
}
