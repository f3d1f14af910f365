namespace Chat.Refusals;

/// <summary>
/// The protocol's limits, set by <c>Chat__Limits__Name</c> and published at <c>GET /api/v1/limits</c>.
/// </summary>
public sealed class ChatLimits
{
    public const string Section = "Chat:Limits";

    /// <summary>UTF-8 bytes of one text.</summary>
    public int TextBytes { get; set; } = 16_384;

    /// <summary>Bytes of one uploaded picture.</summary>
    public int ImageBytes { get; set; } = 16_777_216;

    /// <summary>Pixels of one uploaded picture.</summary>
    public int ImagePixels { get; set; } = 50_000_000;

    /// <summary>Members of one group.</summary>
    public int GroupMembers { get; set; } = 1_024;

    /// <summary>Messages of one history page.</summary>
    public int HistoryPage { get; set; } = 200;

    /// <summary>Users watched by one connection.</summary>
    public int WatchedUsers { get; set; } = 256;

    /// <summary>Sends a second that one user may keep up, over all his connections.</summary>
    public int SendsPerSecond { get; set; } = 30;

    /// <summary>Sends that one user may make at once after a rest.</summary>
    public int SendBurst { get; set; } = 60;
}
