using System.Net;
using System.Text.Json;

namespace Chat.Client;

/// <summary>Reads the refusal out of what SignalR or HTTP carries. Never throws on what a server may send.</summary>
internal static class ErrorText
{
    private const string ClosedPrefix = "The server closed the connection";

    /// <summary>The object from the text's first brace on; a text without one is the code <c>internal</c>.</summary>
    public static ChatException OfHub(string text, Exception? inner = null)
    {
        if (text.StartsWith(ClosedPrefix, StringComparison.Ordinal)) return ChatException.Disconnected(inner);
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        return (brace < 0 ? null : Read(text[brace..], null, inner))
            ?? new ChatException(ErrorCodes.Internal, text, retryable: false, inner: inner);
    }

    /// <summary><c>application/problem+json</c>, or whatever else came with a failed status.</summary>
    public static ChatException OfHttp(HttpStatusCode status, string body, TimeSpan? retryAfter)
    {
        if (Read(body, status, null) is { } read) return read;
        var code = status switch
        {
            HttpStatusCode.Unauthorized => ErrorCodes.Unauthenticated,
            HttpStatusCode.Forbidden => ErrorCodes.Forbidden,
            HttpStatusCode.TooManyRequests => ErrorCodes.RateLimited,
            HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                ErrorCodes.Unavailable,
            >= HttpStatusCode.InternalServerError => ErrorCodes.Internal,
            _ => ErrorCodes.Invalid,
        };
        var retryable = code is ErrorCodes.RateLimited or ErrorCodes.Unavailable;
        return new ChatException(code, $"HTTP {(int)status}.", retryable, retryAfter) { Status = status };
    }

    private static ChatException? Read(string json, HttpStatusCode? status, Exception? inner)
    {
        try
        {
            // What follows the object is SignalR's business.
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "code") is not { } code) return null;
            var message = Text(root, "message") ?? Text(root, "detail") ?? Text(root, "title") ?? code;
            return new ChatException(code, message, Flag(root, code), RetryAfter(root), inner) { Status = status };
        }
        catch (JsonException)
        {
            // Not ours; the caller has a code for that.
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement root, string code) =>
        root.TryGetProperty("retryable", out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : code is ErrorCodes.RateLimited or ErrorCodes.Busy or ErrorCodes.Unavailable;

    private static TimeSpan? RetryAfter(JsonElement root) =>
        root.TryGetProperty("retryAfterMs", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var ms) && ms is >= 0 and < 86_400_000
            ? TimeSpan.FromMilliseconds(ms)
            : null;
}
