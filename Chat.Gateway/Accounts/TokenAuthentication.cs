using Chat.Gateway.Rest;
using Chat.Ids;
using Chat.Refusals;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Chat.Gateway.Accounts;

/// <summary>
/// Lets in who brings a valid token: one of ours, one of the outside issuer, or either.
/// <para><b>Not promised.</b> A token is looked at when a connection begins. One that expires later does not end it
/// (SignalR's <c>CloseOnAuthenticationExpiration</c> stays off): after a morning on which everybody signed in,
/// everybody would reconnect in the same minute of the next one.</para>
/// </summary>
internal static class TokenAuthentication
{
    private const string Local = "local";
    private const string Outside = "outside";
    private const string ByIssuer = "by-issuer";

    /// <summary>A browser's WebSocket can't send a header, so this path takes the token from its query.</summary>
    private const string HubPath = "/hub/chat";
    private const string QueryToken = "access_token";

    /// <summary>Between the clocks of gateways; an outside issuer's may be further off.</summary>
    private static readonly TimeSpan LocalClockSkew = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddTokenAuthentication(
        this IServiceCollection services, AuthOptions options, SymmetricSecurityKey? localKey)
    {
        var takesOutside = !string.IsNullOrWhiteSpace(options.Authority);
        var scheme = localKey is null ? Outside : takesOutside ? ByIssuer : Local;
        var authentication = services.AddAuthentication(scheme);
        if (localKey is not null)
            authentication.AddJwtBearer(Local, jwt => ConfigureLocal(jwt, options, localKey));
        if (takesOutside)
            authentication.AddJwtBearer(Outside, jwt => ConfigureOutside(jwt, options));
        if (scheme == ByIssuer)
            authentication.AddPolicyScheme(ByIssuer, null, policy => policy.ForwardDefaultSelector = SelectByIssuer);
        return services.AddAuthorization();
    }

    private static void ConfigureLocal(JwtBearerOptions jwt, AuthOptions options, SymmetricSecurityKey key)
    {
        ConfigureBoth(jwt, options);
        jwt.TokenValidationParameters.ValidIssuer = AuthOptions.LocalIssuer;
        jwt.TokenValidationParameters.IssuerSigningKey = key;
        jwt.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
        jwt.TokenValidationParameters.ClockSkew = LocalClockSkew;
        jwt.Events.OnTokenValidated = static context =>
        {
            if (UserId.TryParse(((JsonWebToken)context.SecurityToken).Subject, out var userId))
                SignIn(context, userId);
            else
                context.Fail("The token names no user.");
            return Task.CompletedTask;
        };
    }

    private static void ConfigureOutside(JwtBearerOptions jwt, AuthOptions options)
    {
        ConfigureBoth(jwt, options);
        jwt.Authority = options.Authority;
        jwt.RequireHttpsMetadata = !new Uri(options.Authority!).IsLoopback;
        jwt.Events.OnTokenValidated = static async context =>
        {
            var token = (JsonWebToken)context.SecurityToken;
            if (string.IsNullOrEmpty(token.Subject))
            {
                context.Fail("The token names no user.");
                return;
            }
            var users = context.HttpContext.RequestServices.GetRequiredService<ExternalUsers>();
            SignIn(context, await users.EnsureAsync(token, context.HttpContext.RequestAborted));
        };
        jwt.Events.OnAuthenticationFailed = static context =>
            RequireIssuerAsync(context.Options.ConfigurationManager!, context.HttpContext.RequestAborted);
    }

    /// <summary>
    /// Without the issuer's keys every token looks wrong. Then the caller is told to come back, not that it is.
    /// </summary>
    private static async Task RequireIssuerAsync(
        IConfigurationManager<OpenIdConnectConfiguration> issuer, CancellationToken cancel)
    {
        try
        {
            await issuer.GetConfigurationAsync(cancel);
        }
        catch (InvalidOperationException e)
        {
            throw new IssuerUnavailableException(e);
        }
    }

    private static void ConfigureBoth(JwtBearerOptions jwt, AuthOptions options)
    {
        jwt.MapInboundClaims = false;
        jwt.SaveToken = false;
        jwt.IncludeErrorDetails = false;
        jwt.TokenValidationParameters.ValidAudience = options.Audience;
        jwt.Events = new JwtBearerEvents
        {
            OnMessageReceived = static context =>
            {
                context.Token = TokenOf(context.Request);
                return Task.CompletedTask;
            },
            OnChallenge = static context =>
            {
                context.HandleResponse();
                return Problems.WriteAsync(context.HttpContext, Refusal.Unauthenticated);
            },
            OnForbidden = static context => Problems.WriteAsync(context.HttpContext, Refusal.Forbidden),
        };
    }

    /// <summary>Keeps of the token who it is, and lets go of everything else.</summary>
    private static void SignIn(TokenValidatedContext context, UserId userId)
    {
        Forget(context.Request);
        context.Principal = new ChatPrincipal(userId);
        context.Properties = new();
        context.Success();
    }

    /// <summary>The request of a connection lives as long as it; the token is not to lie in memory so long.</summary>
    private static void Forget(HttpRequest request)
    {
        request.Headers.Authorization = default;
        if (!request.Query.ContainsKey(QueryToken)) return;
        request.Query = new QueryCollection(request.Query
            .Where(static field => field.Key != QueryToken).ToDictionary(StringComparer.OrdinalIgnoreCase));
        if (request.HttpContext.Features.Get<IHttpRequestFeature>() is { } raw) raw.RawTarget = request.Path;
    }

    private static string SelectByIssuer(HttpContext http)
    {
        var token = TokenOf(http.Request);
        var handler = new JsonWebTokenHandler();
        // Only which of the two looks at it; that one checks it all.
        return token is null || !handler.CanReadToken(token) || IsLocal(handler, token) ? Local : Outside;
    }

    private static bool IsLocal(JsonWebTokenHandler handler, string token)
    {
        try
        {
            return handler.ReadJsonWebToken(token).Issuer == AuthOptions.LocalIssuer;
        }
        catch (ArgumentException)
        {
            // Three parts that are no token: whoever looks at it refuses it.
            return true;
        }
    }

    private static string? TokenOf(HttpRequest request)
    {
        const string prefix = "Bearer ";
        string? header = request.Headers.Authorization;
        if (header is not null && header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return header[prefix.Length..].Trim();
        return request.Path.StartsWithSegments(HubPath, StringComparison.Ordinal)
            ? request.Query[QueryToken]
            : default(string);
    }
}
