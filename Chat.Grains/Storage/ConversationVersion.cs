using System.Globalization;

namespace Chat.Storage;

/// <summary>
/// The opaque version of a conversation for one member. Messages change it with the end of the log, members and
/// settings with the settings version; the watermarks change their sums, since each only rises and the set of members
/// is fixed under one settings version.
/// </summary>
internal static class ConversationVersion
{
    /// <param name="muted">Until when, in milliseconds; 0: not.</param>
    public static string Of(
        long lastSeq, long settingsVersion, long deliveredSum, long readSum, long ownReadSeq, long muted)
    {
        var version = string.Create(
            CultureInfo.InvariantCulture,
            $"{lastSeq:x}-{settingsVersion:x}-{deliveredSum:x}-{readSum:x}-{ownReadSeq:x}");
        return muted == 0 ? version : string.Create(CultureInfo.InvariantCulture, $"{version}-{muted:x}");
    }
}
