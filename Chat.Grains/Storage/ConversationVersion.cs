using System.Globalization;

namespace Chat.Storage;

/// <summary>
/// The opaque version of a conversation for one member. Settings, members and messages change with an entry or a
/// settings version; the watermarks change their sums, since each only rises and the set of members is fixed between
/// entries.
/// </summary>
internal static class ConversationVersion
{
    public static string Of(long lastSeq, long settingsVersion, long deliveredSum, long readSum, long ownReadSeq) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{lastSeq:x}-{settingsVersion:x}-{deliveredSum:x}-{readSum:x}-{ownReadSeq:x}");
}
