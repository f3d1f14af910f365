using System.Net.Sockets;
using Chat.Gateway.Conversations;
using Chat.Refusals;
using Chat.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace Chat.Gateway.Rest;

/// <summary>
/// The edge at which faults of REST calls end: they go to the log, and the caller gets a code and no exception text.
/// What was lost is the answer; the caller asks again, a send under its <c>clientMessageId</c>.
/// </summary>
internal sealed partial class FaultHandler(ILogger<FaultHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan BusyRetryAfter = TimeSpan.FromMilliseconds(500);

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var (refusal, status) = Classify(exception);
        if (refusal.Code is "internal")
            LogFaulted(httpContext.Request.Method, RouteOf(httpContext), exception);
        else if (refusal.Code is "unavailable")
            LogUnavailable(httpContext.Request.Method, RouteOf(httpContext), exception.GetType().Name);
        await Problems.WriteAsync(httpContext, refusal, status);
        return true;
    }

    private static (Refusal Refusal, int? Status) Classify(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (Refusal.ContentTooLarge, null),
        BadHttpRequestException bad => (Problems.OfStatus(bad.StatusCode), bad.StatusCode),
        StoreBusyException => (Refusal.Busy(BusyRetryAfter), null),
        SocketException or IssuerUnavailableException => (Refusal.Unavailable, null),
        _ when GrainFaults.IsUnknownOutcome(exception) => (Refusal.Unavailable, null),
        _ => (Refusal.Internal, null),
    };

    // The route's pattern and not the path: a path may hold what a user wrote.
    private static string RouteOf(HttpContext http)
    {
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} failed")]
    private partial void LogFaulted(string method, string route, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Route}: unavailable ({Fault})")]
    private partial void LogUnavailable(string method, string route, string fault);
}

/// <summary>The outside issuer of tokens does not answer.</summary>
internal sealed class IssuerUnavailableException(Exception inner)
    : Exception("The outside issuer of tokens does not answer.", inner);
