using Chat.Client;
using Chat.Tests.Harness;
using Chat.Tests.Language;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>A standalone gateway for what an integrator does with the client, and people with passwords.</summary>
public sealed class RealGateway : IAsyncLifetime, IDisposable
{
    internal const string Password = "correct horse";

    /// <summary>The published limits, each with a value that is nobody's default.</summary>
    internal static readonly Limits Limits = new()
    {
        TextBytes = 1_001,
        ImageBytes = 1_002,
        ImagePixels = 1_003,
        GroupMembers = 104,
        HistoryPage = 105,
        WatchedUsers = 106,
        SendsPerSecond = 100_007,
        SendBurst = 100_008,
    };

    private StandaloneGateway _gateway = null!;
    private HttpClient _http = null!;
    private int _signedIn;

    internal Uri Address => _gateway.Address;

    /// <summary>REST calls that no user makes.</summary>
    internal ChatRest Rest { get; private set; } = null!;

    /// <summary>How often somebody has signed in so far.</summary>
    internal int SignedIn => Volatile.Read(ref _signedIn);

    public async Task InitializeAsync()
    {
        var environment = new Dictionary<string, string>(Town.CheapPasswords);
        foreach (var limit in typeof(Limits).GetProperties())
            environment[$"Chat__Limits__{limit.Name}"] = $"{limit.GetValue(Limits)}";
        _gateway = await StandaloneGateway.StartAsync(environment: environment);
        var signIns = new SignIns(() => Interlocked.Increment(ref _signedIn));
        _http = new HttpClient(signIns) { BaseAddress = _gateway.Address, Timeout = Eventually.Patience };
        Rest = new ChatRest(_http);
    }

    /// <summary>An account whose username begins with <paramref name="name"/>.</summary>
    internal Task<User> SignUpAsync(string name) =>
        Rest.CreateAccountAsync($"{name}-{Guid.NewGuid():N}", Password, name);

    internal ChatRest RestOf(PasswordTokens tokens) => new(_http, tokens.GetAsync);

    internal async Task<ChatConnectionOptions> OptionsOfAsync(User user)
    {
        var tokens = new PasswordTokens(Rest, user.Username, Password);
        return new ChatConnectionOptions
        {
            Gateways = [Address],
            UserId = await tokens.GetUserIdAsync(),
            Tokens = tokens.GetAsync,
        };
    }

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    public void Dispose() => _http.Dispose();

    private sealed class SignIns(Action signsIn) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/api/v1/tokens") signsIn();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
