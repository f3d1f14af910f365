using Chat.Hosting;

namespace Chat.Gateway.Accounts;

/// <summary>Who may sign in, and how: <c>Chat__Auth__Name</c>.</summary>
internal sealed class AuthOptions
{
    public const string Section = "Chat:Auth";

    /// <summary>The issuer written into tokens of local accounts.</summary>
    public const string LocalIssuer = "chat";

    /// <summary>Base64 of at least 32 bytes; empty: standalone makes one and keeps it.</summary>
    public string? SigningKey { get; set; }

    /// <summary>An OIDC issuer whose tokens are taken, too.</summary>
    public string? Authority { get; set; }

    /// <summary>The audience that a token must name.</summary>
    public string Audience { get; set; } = "chat";

    /// <summary>How long a token of a local account holds: a day, so that a client signs in once a day.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>PBKDF2 rounds of new password hashes: what ASP.NET Core Identity takes.</summary>
    public int PasswordIterations { get; set; } = 100_000;

    /// <summary>Hashes computed at once: half of the cores, so that log-ins never take a message's.</summary>
    public int HashesAtOnce { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Hashes that may wait, each about 50 ms; the next one is refused as <c>busy</c>.</summary>
    public int HashesWaitingMax { get; set; } = 64;

    /// <summary>Log-ins at once for one username from one address.</summary>
    public int TokenAttemptBurst { get; set; } = 20;

    /// <summary>How long one more log-in takes to come back.</summary>
    public TimeSpan TokenAttemptEvery { get; set; } = TimeSpan.FromSeconds(3);

    public static AuthOptions From(IConfiguration configuration)
    {
        var options = configuration.ReadSettings<AuthOptions>(Section);
        Require(options.Audience.Length > 0, "Audience must not be empty");
        Require(options.TokenLifetime >= TimeSpan.FromSeconds(1), "TokenLifetime must be a second at least");
        Require(options.PasswordIterations >= 1_000, "PasswordIterations must be 1,000 at least");
        Require(options.HashesAtOnce >= 1, "HashesAtOnce must be 1 at least");
        Require(options.HashesWaitingMax >= 0, "HashesWaitingMax must not be negative");
        Require(options.TokenAttemptBurst >= 1, "TokenAttemptBurst must be 1 at least");
        Require(options.TokenAttemptEvery > TimeSpan.Zero, "TokenAttemptEvery must be positive");
        Require(options.Authority is null or "" || IsIssuer(options.Authority),
            "Authority must be an https address (http is for loopback alone)");
        return options;
    }

    private static bool IsIssuer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new ConfigurationException($"{SettingsRegistration.NameOf(Section, rule)}.");
    }
}
