using Chat.Refusals;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Limits;

internal static class LimitsEndpoints
{
    public static IEndpointRouteBuilder MapChatLimits(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/limits", static (IOptions<ChatLimits> limits) => TypedResults.Ok(limits.Value))
            .WithTags("Limits")
            .Produces<ChatLimits>();
        return app;
    }
}
