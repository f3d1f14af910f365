using Chat.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace Chat.Gateway.Accounts;

internal static class AccountsRegistration
{
    /// <summary>Accounts, tokens and who may come in. Needs <see cref="ClusterOptions"/> to know its role.</summary>
    /// <exception cref="ConfigurationException">The settings can't be run with, or a cluster has no key.</exception>
    public static IHostApplicationBuilder AddChatAccounts(this IHostApplicationBuilder builder, ClusterOptions cluster)
    {
        var options = AuthOptions.From(builder.Configuration);
        var key = SigningKey.Find(options, cluster) is { } bytes ? new SymmetricSecurityKey(bytes) : null;
        builder.Services
            .AddSingleton(options)
            .AddSingleton<PasswordHashing>()
            .AddSingleton<TokenAttempts>()
            .AddSingleton<ExternalUsers>()
            .AddTokenAuthentication(options, key);
        if (key is not null)
            builder.Services.AddSingleton(key).AddSingleton<AccessTokens>();
        // These write each request's whole address, and the hub's has the token in its query. The first, while it
        // writes anything, also makes an Activity for each request, which a connection keeps as long as it lives.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Http.Connections", LogLevel.Warning);
        return builder;
    }
}
