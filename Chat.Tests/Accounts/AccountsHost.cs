using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chat.Gateway.Accounts;
using Chat.Gateway.Limits;
using Chat.Gateway.Rest;
using Chat.Gateway.Wire;
using Chat.Hosting;
using Chat.Ids;
using Chat.Storage;
using Chat.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Chat.Tests.Accounts;

/// <summary>The gateway's accounts, limits and wire on a real socket, over accounts in memory; no cluster.</summary>
internal sealed class AccountsHost : IAsyncDisposable
{
    public const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly WebApplication _app;

    private AccountsHost(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = Address };
    }

    public HttpClient Http { get; }
    public Uri Address => new(_app.Urls.First());
    public MemoryAccounts Accounts => (MemoryAccounts)_app.Services.GetRequiredService<IAccountStore>();

    public static async Task<AccountsHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var given = settings.ToDictionary(s => s.Name, s => (string?)s.Value);
        given.TryAdd("Chat:Auth:SigningKey", Key);
        given.TryAdd("Chat:Auth:PasswordIterations", "1000");
        given.TryAdd("Logging:LogLevel:Default", "None");
        builder.Configuration.AddInMemoryCollection(given);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IAccountStore, MemoryAccounts>();
        builder.AddChatAccounts(new ClusterOptions { Role = ClusterRole.Gateway, ConnectionString = "none" });
        builder.Services.AddChatRest();
        builder.Services.AddSignalR().AddChatWire();

        var app = builder.Build();
        app.UseChatProblems();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapChatAccounts();
        app.MapChatLimits();
        app.MapOpenApi();
        app.MapHub<WhoAmIHub>("/hub/chat").RequireAuthorization();
        app.MapGet("/broken", string () => throw new InvalidOperationException("a secret"));
        app.MapGet("/slow", string () => throw new TimeoutException("a secret"));
        app.MapGet("/crowded", string () => throw new StoreBusyException());
        await app.StartAsync();
        return new AccountsHost(app);
    }

    public Task<HttpResponseMessage> CreateAsync(string username, string password, string? displayName = null) =>
        Http.PostAsJsonAsync("/api/v1/accounts", new { username, password, displayName });

    public Task<HttpResponseMessage> LogInAsync(string username, string password) =>
        Http.PostAsJsonAsync("/api/v1/tokens", new { username, password });

    /// <summary>Signs up and in.</summary>
    public async Task<(string UserId, string Token)> JoinAsync(string username)
    {
        (await CreateAsync(username, "correct horse")).EnsureSuccessStatusCode();
        var answer = await (await LogInAsync(username, "correct horse")).Content.ReadFromJsonAsync<JsonObject>();
        return ((string)answer!["userId"]!, (string)answer["accessToken"]!);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class WhoAmIHub : Hub
    {
        public string WhoAmI(EmptyRequest request) => Context.User.GetUserId().ToString();

        /// <summary>What the connection's request still holds of how it was asked for.</summary>
        public string Asked(EmptyRequest request)
        {
            var http = Context.GetHttpContext()!;
            var raw = http.Features.Get<IHttpRequestFeature>()!;
            var headers = http.Request.Headers.Values.Select(value => (string?)value);
            return string.Join(' ', [raw.RawTarget, raw.QueryString, .. headers]);
        }
    }
}

internal sealed class MemoryAccounts : IAccountStore
{
    private readonly ConcurrentDictionary<string, (Account Account, string? Hash)> _byName =
        new(StringComparer.OrdinalIgnoreCase);

    public Task<bool> TryCreateAsync(
        Account account, string passwordHash, DateTimeOffset now, CancellationToken cancel) =>
        Task.FromResult(_byName.TryAdd(account.Username, (account, passwordHash)));

    public Task<Account?> GetAsync(UserId id, CancellationToken cancel) =>
        Task.FromResult(_byName.Values.Select(entry => entry.Account).FirstOrDefault(a => a.UserId == id));

    public Task<bool> AllExistAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancel) =>
        Task.FromResult(ids.All(id => _byName.Values.Any(entry => entry.Account.UserId == id)));

    public Task<(Account Account, string? PasswordHash)?> FindAsync(string username, CancellationToken cancel) =>
        Task.FromResult<(Account Account, string? PasswordHash)?>(
            _byName.TryGetValue(username, out var entry) ? entry : null);

    public Task ReplaceHashAsync(UserId id, string oldHash, string newHash, CancellationToken cancel)
    {
        foreach (var (name, entry) in _byName)
            if (entry.Account.UserId == id && entry.Hash == oldHash) _byName[name] = (entry.Account, newHash);
        return Task.CompletedTask;
    }

    public Task<Account> EnsureExternalAsync(Account wished, DateTimeOffset now, CancellationToken cancel) =>
        Task.FromResult(_byName.GetOrAdd(wished.Username, (wished, null)).Account);
}
