namespace Chat.Gateway.Rest;

internal static class RestRegistration
{
    public static IServiceCollection AddChatRest(this IServiceCollection services) =>
        services
            .AddSingleton<RequestBody>()
            .AddExceptionHandler<FaultHandler>()
            .AddChatOpenApi();

    /// <summary>Everything that goes wrong after this leaves as <c>application/problem+json</c>.</summary>
    public static IApplicationBuilder UseChatProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler(static _ => { })
            .UseStatusCodePages(static context => Problems.WriteAsync(
                context.HttpContext,
                Problems.OfStatus(context.HttpContext.Response.StatusCode),
                context.HttpContext.Response.StatusCode));
}
