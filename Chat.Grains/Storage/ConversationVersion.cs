using System.Globalization;
using Chat.Ids;

namespace Chat.Storage;

/// <summary>
/// The opaque version of a conversation for one member. Messages change it with the end of the log, members and
/// settings with the settings version; the watermarks change their sums, since each only rises and the set of members
/// is fixed under one settings version. Whoever hides his reading is left out of that sum and marked instead; of whom
/// nothing is shown is left out of both, with another mark.
/// </summary>
internal static class ConversationVersion
{
    /// <param name="muted">Until when, in milliseconds; 0: not.</param>
    /// <param name="hiding">The marks of those of whom this member is not shown all, in one; 0: of nobody.</param>
    public static string Of(
        long lastSeq, long settingsVersion, long deliveredSum, long readSum, long ownReadSeq, long muted, long hiding)
    {
        var version = string.Create(
            CultureInfo.InvariantCulture,
            $"{lastSeq:x}-{settingsVersion:x}-{deliveredSum:x}-{readSum:x}-{ownReadSeq:x}");
        if (hiding != 0)
            version = string.Create(CultureInfo.InvariantCulture, $"{version}-h{hiding:x}");
        return muted == 0 ? version : string.Create(CultureInfo.InvariantCulture, $"{version}-{muted:x}");
    }

    /// <summary>The same for one user in every process.</summary>
    public static long MarkOf(UserId user, ShownMarks shown)
    {
        var mark = BitConverter.ToInt64(user.Value.ToByteArray(), 8);
        return shown is ShownMarks.None ? ~mark : mark;
    }
}
