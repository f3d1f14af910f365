using System.Collections.Frozen;
using System.Globalization;
using Chat.Gateway.Wire;
using Chat.Refusals;
using Microsoft.AspNetCore.WebUtilities;

namespace Chat.Gateway.Rest;

/// <summary>How a refusal leaves REST: <c>application/problem+json</c> under the status of its code.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    private static readonly FrozenDictionary<string, int> StatusByCode = new Dictionary<string, int>
    {
        ["invalid"] = StatusCodes.Status400BadRequest,
        ["unauthenticated"] = StatusCodes.Status401Unauthorized,
        ["bad_credentials"] = StatusCodes.Status401Unauthorized,
        ["forbidden"] = StatusCodes.Status403Forbidden,
        ["not_a_member"] = StatusCodes.Status403Forbidden,
        ["blocked"] = StatusCodes.Status403Forbidden,
        ["user_not_found"] = StatusCodes.Status404NotFound,
        ["conversation_not_found"] = StatusCodes.Status404NotFound,
        ["message_not_found"] = StatusCodes.Status404NotFound,
        ["invite_not_found"] = StatusCodes.Status404NotFound,
        ["username_taken"] = StatusCodes.Status409Conflict,
        ["group_full"] = StatusCodes.Status409Conflict,
        ["last_owner"] = StatusCodes.Status409Conflict,
        ["content_too_large"] = StatusCodes.Status413PayloadTooLarge,
        ["rate_limited"] = StatusCodes.Status429TooManyRequests,
        ["internal"] = StatusCodes.Status500InternalServerError,
        ["busy"] = StatusCodes.Status503ServiceUnavailable,
        ["unavailable"] = StatusCodes.Status503ServiceUnavailable,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IResult ToProblem(this Refusal refusal) => new Problem(refusal, StatusOf(refusal));

    /// <summary>Answers with a refusal where no endpoint does: in middleware, or under a status of its own.</summary>
    public static Task WriteAsync(HttpContext http, Refusal refusal, int? status = null) =>
        new Problem(refusal, status ?? StatusOf(refusal)).ExecuteAsync(http);

    /// <summary>The problem of a bare status that some middleware set.</summary>
    public static Refusal OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Refusal.Unauthenticated,
        StatusCodes.Status403Forbidden => Refusal.Forbidden,
        StatusCodes.Status404NotFound => Refusal.Invalid("There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => Refusal.Invalid("This address does not take this method."),
        StatusCodes.Status413PayloadTooLarge => Refusal.ContentTooLarge,
        StatusCodes.Status415UnsupportedMediaType => Refusal.Invalid("The body must be application/json."),
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable =>
            Refusal.Busy(TimeSpan.FromSeconds(1)),
        >= StatusCodes.Status500InternalServerError => Refusal.Internal,
        _ => Refusal.Invalid(ReasonPhrases.GetReasonPhrase(status)),
    };

    private static int StatusOf(Refusal refusal) =>
        StatusByCode.GetValueOrDefault(refusal.Code, StatusCodes.Status400BadRequest);

    private sealed class Problem(Refusal refusal, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            if (status == StatusCodes.Status401Unauthorized)
                response.Headers.WWWAuthenticate = "Bearer";
            if (refusal.RetryAfterMs is { } wait)
                response.Headers.RetryAfter = ((wait + 999) / 1000).ToString(CultureInfo.InvariantCulture);
            var body = new ProblemBody(
                ReasonPhrases.GetReasonPhrase(status), status, refusal.Message,
                refusal.Code, refusal.Retryable, refusal.RetryAfterMs);
            return response.WriteAsJsonAsync(body, ChatJson.Answers, ContentType, httpContext.RequestAborted);
        }
    }
}

/// <summary>RFC 9457's members and the contract's beside them.</summary>
internal sealed record ProblemBody(
    string Title, int Status, string Detail, string Code, bool Retryable, int? RetryAfterMs);
