using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Client;

/// <summary>How a <see cref="ChatConnection"/> behaves. Read once, when the connection is made.</summary>
public sealed class ChatConnectionOptions
{
    /// <summary>
    /// Base addresses of gateways, tried in turn from the first; each reconnect goes to the next one.
    /// </summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    /// <summary>The caller's id, as <see cref="AccessToken.UserId"/> gives it.</summary>
    public required string UserId { get; init; }

    /// <summary>Asked before each connect; after a 401, asked for a fresh token.</summary>
    public required AccessTokenProvider Tokens { get; init; }

    /// <summary>Hub protocol; MessagePack unless told.</summary>
    public HubEncoding Encoding { get; init; } = HubEncoding.MessagePack;

    /// <summary>SignalR's negotiation before the WebSocket; costs a round trip and is off unless told.</summary>
    public bool Negotiates { get; init; }

    /// <summary>
    /// Keeps cursors: resumes after each connect, puts entries in order, fills gaps, raises each entry once. Off,
    /// pushes are raised as they come and nothing is asked of the server by itself.
    /// </summary>
    public bool KeepsLog { get; init; } = true;

    /// <summary>Marks as delivered what it got; needs <see cref="KeepsLog"/>.</summary>
    public bool MarksDelivered { get; init; } = true;

    /// <summary>
    /// Keeps sends in the outbox until they are answered, over reconnects and retryable refusals. Off,
    /// <see cref="ChatConnection.SendAsync"/> is one call that fails as the call fails.
    /// </summary>
    public bool Resends { get; init; } = true;

    /// <summary>
    /// A conversation that this device never saw and that <c>Resume</c> cut off is paged from its first entry. Off, the
    /// device starts at its end, and older entries are read with <see cref="ChatConnection.GetHistoryAsync"/>.
    /// </summary>
    public bool PagesUnknownConversations { get; init; } = true;

    /// <summary>What the device already holds, from an earlier <see cref="ChatConnection.ExportCursors"/>.</summary>
    public CursorSnapshot? Cursors { get; init; }

    /// <summary>
    /// Longest first wait before a reconnect; the waits' ceiling doubles each time. 500 ms unless told.
    /// </summary>
    public TimeSpan BackOffFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait ever between two attempts. 15 s unless told.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one attempt to connect may take. 10 s unless told.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the outbox waits for an answer before it sends again. 30 s unless told.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a jump in seq may stand before the gap is filled: pushes overtake one another and acks. 250 ms unless
    /// told.
    /// </summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Pushes that may wait for the handlers. Full: further ones are dropped, then the log is resumed.
    /// </summary>
    public int InboxMax { get; init; } = 4_096;

    /// <summary>
    /// Entries held back behind gaps, of all conversations. Full: that conversation's are dropped and read again.
    /// </summary>
    public int AheadMax { get; init; } = 1_024;

    /// <summary>Sends that may be unanswered. Full: <see cref="ErrorCodes.OutboxFull"/>.</summary>
    public int OutboxMax { get; init; } = 1_000;

    /// <summary>The server is told so seldom that the user touches the app. 15 s unless told.</summary>
    public TimeSpan ActivityApart { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The clock of every wait here; SignalR's own keep-alive goes by the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the jitter comes from; used under a lock.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Logs ids and codes, never content; SignalR's own logs go here too.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>A hub protocol.</summary>
public enum HubEncoding
{
    /// <summary>Binary, compact.</summary>
    MessagePack,

    /// <summary>Text.</summary>
    Json,
}
