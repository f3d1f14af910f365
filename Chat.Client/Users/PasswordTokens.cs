namespace Chat.Client;

/// <summary>
/// Signs in with a username and password when a token is needed, and keeps it until a minute before it expires or
/// until it is refused. Thread-safe; several callers at once sign in once.
/// </summary>
/// <param name="rest">Where to sign in.</param>
/// <param name="username">The name.</param>
/// <param name="password">The password; kept in memory.</param>
/// <param name="time">The clock; the system's unless told.</param>
public sealed class PasswordTokens(ChatRest rest, string username, string password, TimeProvider? time = null)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private Task<AccessToken>? _current;
    private DateTimeOffset _askedAt;

    /// <summary>The token: an <see cref="AccessTokenProvider"/>. Errors: <c>bad_credentials</c>.</summary>
    public async ValueTask<string> GetAsync(bool refused, CancellationToken cancellation) =>
        (await CurrentAsync(refused).WaitAsync(cancellation).ConfigureAwait(false)).Value;

    /// <summary>Whose token it is. Errors: <c>bad_credentials</c>.</summary>
    public async Task<string> GetUserIdAsync(CancellationToken cancellation = default) =>
        (await CurrentAsync(false).WaitAsync(cancellation).ConfigureAwait(false)).UserId;

    private Task<AccessToken> CurrentAsync(bool refused)
    {
        lock (_gate)
        {
            if (_current is { IsCompleted: false }) return _current;
            if (!refused && _current is { IsCompletedSuccessfully: true } && IsFresh(_current)) return _current;
            _askedAt = _time.GetUtcNow();
            return _current = rest.CreateTokenAsync(username, password, CancellationToken.None);
        }
    }

    private bool IsFresh(Task<AccessToken> signedIn)
    {
        var lifetime = TimeSpan.FromSeconds(signedIn.GetAwaiter().GetResult().ExpiresIn);
        return _time.GetUtcNow() < _askedAt + lifetime - (lifetime > 2 * Margin ? Margin : lifetime / 4);
    }
}
