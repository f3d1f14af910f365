using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Chat.Client;

/// <summary>
/// The REST half of the contract (<c>/api/v1</c>), over an <see cref="HttpClient"/> whose <c>BaseAddress</c> is any
/// gateway. Thread-safe. Every method throws <see cref="ChatException"/> where the server refuses, and
/// <see cref="HttpRequestException"/> where it can't be reached; nothing is retried but one call with a fresh token
/// after a 401.
/// </summary>
/// <param name="http">The caller owns it; its own time-out holds.</param>
/// <param name="tokens">Whose calls these are; absent: only accounts, tokens and limits can be asked.</param>
public sealed class ChatRest(HttpClient http, AccessTokenProvider? tokens = null)
{
    private const string Root = "api/v1/";

    /// <summary>Makes an account. Errors: <c>username_taken</c>, <c>invalid</c>.</summary>
    public Task<User> CreateAccountAsync(
        string username, string password, string? displayName = null, CancellationToken cancellation = default) =>
        AskAsync<User>(HttpMethod.Post, "accounts", new { username, password, displayName }, false, cancellation);

    /// <summary>Signs in. Errors: <c>bad_credentials</c>.</summary>
    public Task<AccessToken> CreateTokenAsync(
        string username, string password, CancellationToken cancellation = default) =>
        AskAsync<AccessToken>(HttpMethod.Post, "tokens", new { username, password }, false, cancellation);

    /// <summary>A user by name. Errors: <c>user_not_found</c>.</summary>
    public Task<User> FindUserAsync(string username, CancellationToken cancellation = default) =>
        AskAsync<User>(HttpMethod.Get, $"users?username={Escape(username)}", null, true, cancellation);

    /// <summary>A user by id. Errors: <c>user_not_found</c>.</summary>
    public Task<User> GetUserAsync(string userId, CancellationToken cancellation = default) =>
        AskAsync<User>(HttpMethod.Get, $"users/{Escape(userId)}", null, true, cancellation);

    /// <summary>A page of the caller's conversations, newest activity first.</summary>
    public Task<ConversationPage> GetConversationsAsync(
        string? cursor = null, int? limit = null, CancellationToken cancellation = default) =>
        AskAsync<ConversationPage>(
            HttpMethod.Get, "conversations" + Query(("cursor", cursor), ("limit", limit)), null, true, cancellation);

    /// <summary>
    /// A page of a conversation, ascending by seq: before, after or around a seq, of which at most one is given; the
    /// newest page otherwise. Errors: <c>not_a_member</c>, <c>conversation_not_found</c>, <c>invalid</c>.
    /// </summary>
    public Task<HistoryPage> GetMessagesAsync(
        string conversationId,
        long? before = null,
        long? after = null,
        long? around = null,
        int? limit = null,
        CancellationToken cancellation = default) =>
        AskAsync<HistoryPage>(
            HttpMethod.Get,
            $"conversations/{Escape(conversationId)}/messages"
                + Query(("before", before), ("after", after), ("around", around), ("limit", limit)),
            null,
            true,
            cancellation);

    /// <summary>
    /// Sends, as the hub does: answered once it is durable. After an <see cref="HttpRequestException"/> or a retryable
    /// error, send again under the same <paramref name="clientMessageId"/>.
    /// </summary>
    public Task<SendAnswer> SendAsync(
        string conversationId, string clientMessageId, Content content, CancellationToken cancellation = default) =>
        AskAsync<SendAnswer>(
            HttpMethod.Post,
            $"conversations/{Escape(conversationId)}/messages",
            new { clientMessageId, content },
            true,
            cancellation);

    /// <summary>The server's limits.</summary>
    public Task<Limits> GetLimitsAsync(CancellationToken cancellation = default) =>
        AskAsync<Limits>(HttpMethod.Get, "limits", null, tokens is not null, cancellation);

    private async Task<T> AskAsync<T>(
        HttpMethod method, string path, object? body, bool authorized, CancellationToken cancellation)
    {
        for (var refused = false; ; refused = true)
        {
            using var request = new HttpRequestMessage(method, Root + path);
            if (body is not null) request.Content = JsonContent.Create(body, options: WireFormat.Json);
            if (authorized)
            {
                var token = tokens is null
                    ? throw new InvalidOperationException("This call needs an access token provider.")
                    : await tokens(refused, cancellation).ConfigureAwait(false);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Unauthorized && authorized && !refused) continue;
            if (!response.IsSuccessStatusCode) throw await RefusalAsync(response, cancellation).ConfigureAwait(false);
            return await response.Content.ReadFromJsonAsync<T>(WireFormat.Json, cancellation).ConfigureAwait(false)
                ?? throw new ChatException(ErrorCodes.Internal, "The answer was empty.", retryable: false);
        }
    }

    private static async Task<ChatException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        return ErrorText.OfHttp(response.StatusCode, body, response.Headers.RetryAfter?.Delta);
    }

    private static string Escape(string value) => Uri.EscapeDataString(value);

    private static string Query(params (string Name, object? Value)[] parts)
    {
        var given = parts.Where(part => part.Value is not null)
            .Select(part => FormattableString.Invariant($"{part.Name}={Escape(Text(part.Value!))}"));
        var query = string.Join('&', given);
        return query.Length == 0 ? "" : "?" + query;
    }

    private static string Text(object value) =>
        Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
