using Chat.Refusals;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Limits;

internal static class LimitsEndpoints
{
    /// <summary>So that the largest text fits into a hub message, whatever JSON makes of it.</summary>
    private const int TextBytesMax = 100_000;

    /// <summary>Checks the limits when the host starts.</summary>
    public static IServiceCollection AddChatLimits(this IServiceCollection services)
    {
        services.AddOptions<ChatLimits>()
            .Validate(
                limits => limits.TextBytes is >= 1 and <= TextBytesMax,
                $"Chat__Limits__TextBytes must be from 1 to {TextBytesMax}.")
            .Validate(limits => limits.HistoryPage is >= 1 and <= 1_000, "Chat__Limits__HistoryPage: 1 to 1,000.")
            .Validate(
                limits => limits is { ImageBytes: > 0, ImagePixels: > 0, GroupMembers: > 0, WatchedUsers: > 0 },
                "Each of Chat__Limits must be positive.")
            .Validate(
                limits => limits is { SendsPerSecond: > 0, SendBurst: > 0 }, "Each of Chat__Limits must be positive.")
            .ValidateOnStart();
        return services;
    }

    public static IEndpointRouteBuilder MapChatLimits(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/limits", static (IOptions<ChatLimits> limits) => TypedResults.Ok(limits.Value))
            .WithTags("Limits")
            .Produces<ChatLimits>();
        return app;
    }
}
