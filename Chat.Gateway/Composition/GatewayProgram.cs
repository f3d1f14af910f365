using Chat.Gateway.Accounts;
using Chat.Gateway.Conversations;
using Chat.Gateway.Delivery;
using Chat.Gateway.Draining;
using Chat.Gateway.Limits;
using Chat.Gateway.Rest;
using Chat.Hosting;

namespace Chat.Gateway.Composition;

/// <summary>
/// The composition root: the one place of the gateway that knows where grains and stores come from. As a cluster's
/// gateway it hosts no entity grain; standalone it hosts everything.
/// </summary>
internal static class GatewayProgram
{
    public static Task<int> RunAsync(string[] args) => HostProgram.RunAsync(() => Build(args).RunChatAsync());

    /// <param name="replace">What a test plays itself.</param>
    internal static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        var cluster = ClusterOptions.From(builder.Configuration, isGateway: true);
        builder.AddChatCluster(cluster);
        builder.AddChatHealth("Chat.Gateway");
        builder.AddChatAccounts(cluster);
        builder.Services.AddChatRest();
        builder.AddChatConnections();
        builder.AddChatDraining();
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseChatProblems();
        app.UseChatDraining();
        app.UseChatPage();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapChatHub();
        app.MapChatAccounts();
        app.MapChatConversations();
        app.MapChatLimits();
        app.MapChatHealth();
        app.MapOpenApi();
        return app;
    }
}
