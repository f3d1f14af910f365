namespace Chat.Storage;

/// <summary>The numbers under which words of the contract are stored: append, never renumber.</summary>
internal static class StoredNames
{
    private static readonly string[] ConversationKinds = ["direct", "group"];

    public static string ConversationKind(short number) => ConversationKinds[number];

    public static short ConversationKindNumber(string kind) => Number(ConversationKinds, kind);

    private static short Number(string[] names, string name)
    {
        var number = Array.IndexOf(names, name);
        return number >= 0 ? (short)number : throw new ArgumentException("Not a name that is stored.", nameof(name));
    }
}
