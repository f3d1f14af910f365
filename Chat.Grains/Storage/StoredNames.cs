namespace Chat.Storage;

/// <summary>The numbers under which words of the contract are stored: append, never renumber.</summary>
internal static class StoredNames
{
    private static readonly string[] ConversationKinds = ["direct", "group"];

    public static string ConversationKind(short number) => ConversationKinds[number];
}
