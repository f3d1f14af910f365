using Chat.Hosting;

return await HostProgram.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddChatCluster(ClusterOptions.From(builder.Configuration, isGateway: false));
    builder.AddChatHealth("Chat.Silo");

    var app = builder.Build();
    app.MapChatHealth();
    await app.RunChatAsync();
});
