namespace Chat.Client;

/// <summary>Where a connection stands.</summary>
public enum ConnectionState
{
    /// <summary>Not started yet.</summary>
    Idle,

    /// <summary>Trying a gateway.</summary>
    Connecting,

    /// <summary>Connected; <see cref="ChatConnection.CaughtUp"/> says when it lacks nothing.</summary>
    Connected,

    /// <summary>Waiting before the next attempt.</summary>
    Waiting,

    /// <summary>Over for good: disposed, or refused for good.</summary>
    Closed,
}

/// <summary>A change of a connection's state.</summary>
/// <param name="State">The new state.</param>
/// <param name="Gateway">The gateway tried, connected to or lost.</param>
/// <param name="Error">What ended the last attempt or connection.</param>
/// <param name="RetryIn">With <see cref="ConnectionState.Waiting"/>: how long.</param>
public sealed record StateChange(
    ConnectionState State, Uri? Gateway, Exception? Error = null, TimeSpan? RetryIn = null);
