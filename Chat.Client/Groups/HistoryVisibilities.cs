namespace Chat.Client;

/// <summary>What of a group's past its members may read.</summary>
public static class HistoryVisibilities
{
    /// <summary>From the entry that let each of them in; the default.</summary>
    public const string FromJoin = "fromJoin";

    /// <summary>All of it.</summary>
    public const string Full = "full";
}
