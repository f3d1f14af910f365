using Chat.Ids;

namespace Chat.Storage.Sqlite;

/// <summary>Reads who of some members hides his reading: from everybody, or, in a direct one, by a block.</summary>
internal static class SqliteHiddenReading
{
    public static HiddenReading Read(
        SqliteSession session, OwnConversation own, IReadOnlyList<MembershipRow> members) =>
        Read(session, own.Reader.Member.UserId, own.Row.IsDirect, members);

    public static HiddenReading Read(
        SqliteSession session, UserId reader, bool isDirect, IReadOnlyList<MembershipRow> members)
    {
        // One question in place of one for each member of each conversation, where nobody hides anything.
        if (session.Get("SELECT EXISTS (SELECT 1 FROM reading_hidden)").Scalar() == 0)
            return HiddenReading.None;
        var rows = new HashSet<(UserId, UserId)>();
        Note(reader, HiddenReading.Everybody);
        foreach (var member in members)
        {
            Note(member.UserId, HiddenReading.Everybody);
            if (!isDirect)
                continue;
            Note(member.UserId, reader);
            Note(reader, member.UserId);
        }

        return rows.Count == 0 ? HiddenReading.None : new HiddenReading(rows);

        void Note(UserId user, UserId from)
        {
            if (Hides(session, user, from))
                rows.Add((user, from));
        }
    }

    public static bool Hides(SqliteSession session, UserId user, UserId from) =>
        session.Get("SELECT EXISTS (SELECT 1 FROM reading_hidden WHERE user_id = ? AND from_id = ?)")
            .Bind(1, user).Bind(2, from).Scalar() == 1;
}
