using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chat.Hosting;

/// <summary><c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>, the same on gateways and silos.</summary>
public static class HealthEndpoints
{
    private static readonly string[] Probes = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointRouteBuilder MapChatHealth(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/health/live", Probes, static () => TypedResults.Ok(new Health("live")))
            .ExcludeFromDescription();
        app.MapMethods("/health/ready", Probes, GetReady).ExcludeFromDescription();
        app.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new ExcludeFromDescriptionAttribute());
        return app;
    }

    private static async Task<IResult> GetReady(Readiness readiness, CancellationToken cancel) =>
        await readiness.ExplainAsync(cancel) is { } reason
            ? TypedResults.Json(new Health("unready", reason), statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Ok(new Health("ready"));

    /// <summary>A silo has no JSON settings of its own, so what is left out is said here.</summary>
    private sealed record Health(
        string Status,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null);
}
