namespace Chat.Client;

/// <summary>An entry of a conversation's log as a device got it.</summary>
/// <param name="Message">The entry.</param>
/// <param name="IsOwn">The caller wrote it, on this device or another.</param>
/// <param name="Source">How it came.</param>
public readonly record struct LogEntry(Message Message, bool IsOwn, EntrySource Source);

/// <summary>How an entry came.</summary>
public enum EntrySource
{
    /// <summary>The server pushed it.</summary>
    Push,

    /// <summary>It was asked for, after a connect or a gap.</summary>
    CatchUp,

    /// <summary>
    /// This connection's <see cref="ChatConnection.SendAsync"/> was answered: made of what was sent and the answer,
    /// since the server does not push it back. <see cref="Message.ExpiresAt"/> is there only if the answer had it.
    /// </summary>
    Acknowledgement,
}
