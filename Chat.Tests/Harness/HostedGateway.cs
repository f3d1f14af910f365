using Chat.Gateway.Composition;
using Chat.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chat.Tests.Harness;

/// <summary>
/// A standalone gateway in this process, for what a process of its own can't be made to do: a test plays a part of it.
/// </summary>
internal sealed class HostedGateway : IAsyncDisposable
{
    private readonly TemporaryDirectory _data = new("hosted");
    private readonly WebApplication _app;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly Task _running;

    private HostedGateway(IReadOnlyDictionary<string, string> environment, Action<IServiceCollection> play)
    {
        Address = new Uri($"http://127.0.0.1:{LoopbackPort.Next()}");
        var settings = MemberSettings.OfStandalone(_data.Path);
        foreach (var (name, value) in environment) settings[name] = value;
        var arguments = settings
            .Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}")
            .Append($"--urls={Address.GetLeftPart(UriPartial.Authority)}");
        _app = GatewayProgram.Build([.. arguments], services =>
        {
            // This process ends by its own signals, and what the gateway logs is no part of its output.
            services.RemoveAll<IHostLifetime>().AddSingleton<IHostLifetime, Unasked>();
            services.RemoveAll<ILoggerProvider>();
            play(services);
        });
        // Asked for now: a gateway that ends takes its services along.
        _lifetime = _app.Lifetime;
        _running = _app.RunChatAsync();
    }

    internal Uri Address { get; }

    /// <summary>It has not begun to end.</summary>
    internal bool IsAlive => !_lifetime.ApplicationStopping.IsCancellationRequested && !_running.IsCompleted;

    internal static async Task<HostedGateway> StartAsync(
        IReadOnlyDictionary<string, string> environment, Action<IServiceCollection> play)
    {
        var gateway = new HostedGateway(environment, play);
        using var http = new HttpClient();
        await Eventually.HoldsAsync("the gateway to be ready", async () =>
            (await http.GetAsync(new Uri(gateway.Address, "health/ready"))).IsSuccessStatusCode);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        _lifetime.StopApplication();
        await Eventually.CompletesAsync("the gateway to end", _running, within: TimeSpan.FromMinutes(1));
        await _app.DisposeAsync();
        _data.Dispose();
    }

    private sealed class Unasked : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
