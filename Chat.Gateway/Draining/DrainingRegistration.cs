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
        builder.Services.AddSingleton<Drain>().AddSingleton<IHostLifetime, DrainBeforeStop>();
        return builder;
    }

    /// <summary>A gateway that is going away takes no new connection.</summary>
    public static WebApplication UseChatDraining(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.UseWhen(
            context => readiness.IsDraining && context.Request.Path.StartsWithSegments("/hub"),
            away => away.Run(context => Problems.WriteAsync(context, Refusal.Unavailable)));
        return app;
    }
}
