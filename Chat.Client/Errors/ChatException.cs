using System.Net;

namespace Chat.Client;

/// <summary>
/// A call that was refused or whose outcome is unknown. Decide by <see cref="Code"/> and <see cref="Retryable"/>.
/// </summary>
public sealed class ChatException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">For the developer; never shown to users.</param>
    /// <param name="retryable">The same call may succeed later.</param>
    /// <param name="retryAfter">After how long, where known.</param>
    /// <param name="inner">What was behind it.</param>
    public ChatException(
        string code, string message, bool retryable, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner) => (Code, Retryable, RetryAfter) = (code, retryable, retryAfter);

    /// <summary>One of <see cref="ErrorCodes"/>, or a newer server's own.</summary>
    public string Code { get; }

    /// <summary>The same call may succeed later. A send must then keep its client message id.</summary>
    public bool Retryable { get; }

    /// <summary>How long to wait before trying again, where the server says so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>REST, and a refused connection: the HTTP status.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{Code}: {base.ToString()}";

    internal static ChatException Disconnected(Exception? inner = null) => new(
        ErrorCodes.Disconnected, "There is no connection, or it broke before the answer came.", true, null, inner);
}
