using Chat.Gateway.Rest;
using Chat.Hosting;
using Chat.Refusals;

namespace Chat.Gateway.Draining;

internal static class DrainingRegistration
{
    public static WebApplicationBuilder AddChatDraining(this WebApplicationBuilder builder)
    {
        builder.AddSettings<DrainOptions>(
            DrainOptions.Section, nameof(DrainOptions.NotReadyFor), nameof(DrainOptions.TellOver),
            nameof(DrainOptions.ReconnectWithin));
        builder.Services.AddSingleton<HubRequests>().AddSingleton<Drain>();
        builder.Services.AddSingleton<IHostLifetime, DrainBeforeStop>();
        return builder;
    }

    /// <summary>A gateway that is going away takes no new connection.</summary>
    public static WebApplication UseChatDraining(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        var requests = app.Services.GetRequiredService<HubRequests>();
        app.Use(next => context =>
            !context.Request.Path.StartsWithSegments("/hub") ? next(context)
            : readiness.IsDraining ? Problems.WriteAsync(context, Refusal.Unavailable)
            : requests.CountAsync(context, next));
        return app;
    }
}
