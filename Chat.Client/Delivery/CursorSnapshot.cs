namespace Chat.Client;

/// <summary>
/// What a device holds, for the next start of it: store it as you store the entries (<see cref="WireFormat.Json"/>
/// encodes it), and give it to <see cref="ChatConnectionOptions.Cursors"/>.
/// </summary>
public sealed record CursorSnapshot
{
    /// <summary>One per conversation known.</summary>
    public IReadOnlyList<Cursor> Conversations { get; init; } = [];
}

/// <summary>How far a device is in one conversation.</summary>
public sealed record Cursor
{
    /// <summary>The conversation.</summary>
    public string ConversationId { get; init; } = "";

    /// <summary>Every entry up to here was raised, or is gone.</summary>
    public long Seq { get; init; }

    /// <summary>The version last seen.</summary>
    public string? Version { get; init; }

    /// <summary>Marked as read by this device up to here; marked again after each connect.</summary>
    public long ReadSeq { get; init; }
}
