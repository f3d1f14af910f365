using Chat.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chat.Tests.Client;

/// <summary>
/// A gateway in this process that fails as told: real sockets, real SignalR, no cluster. What a real one does is shown
/// by the tests of the features; here it is the client's part that is on trial.
/// </summary>
internal sealed class ScriptedGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedGateway(WebApplication app) => _app = app;

    internal Uri Address => new(_app.Urls.Single() + "/");

    /// <param name="log">What it serves, and how it fails.</param>
    /// <param name="parallelCallsMax">Of one connection; 1: the next call waits for the answer of the last.</param>
    internal static async Task<ScriptedGateway> StartAsync(ScriptedLog log, int parallelCallsMax = 1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(log);
        builder.Services.AddSignalR(hub => hub.MaximumParallelInvocationsPerClient = parallelCallsMax)
            .AddJsonProtocol(json => json.PayloadSerializerOptions = new(WireFormat.Json))
            .AddMessagePackProtocol(pack => pack.SerializerOptions = WireFormat.MessagePack);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Use(async (context, next) =>
        {
            var bearer = context.Request.Headers.Authorization.ToString();
            if (log.Tokens.Contains(bearer.Replace("Bearer ", "", StringComparison.Ordinal))) await next(context);
            else context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        });
        app.MapHub<ScriptedHub>("/hub/chat");
        await app.StartAsync();
        return new ScriptedGateway(app);
    }

    internal Task PushAsync(string callback, object payload) =>
        _app.Services.GetRequiredService<IHubContext<ScriptedHub>>().Clients.All.SendAsync(callback, payload);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
