namespace Chat.Client;

/// <summary>Gives the access token of the next connection or call.</summary>
/// <param name="refused">
/// The server refused the last token given: a cached one must not be given again.
/// </param>
/// <param name="cancellation">The connection is being given up.</param>
/// <returns>
/// The token. A <see cref="ChatException"/> that is not retryable ends the connection for good; any other exception is
/// a failed attempt to connect.
/// </returns>
public delegate ValueTask<string> AccessTokenProvider(bool refused, CancellationToken cancellation);
