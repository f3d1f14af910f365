using System.Security.Cryptography;
using System.Text;
using Chat.Ids;
using Chat.Storage;
using Chat.Users;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Chat.Gateway.Accounts;

/// <summary>
/// Users of the outside issuer: their id follows from its name for them, and they get an account when first seen.
/// </summary>
internal sealed class ExternalUsers(IAccountStore accounts, TimeProvider time) : IDisposable
{
    private const int KnownMax = 100_000;

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = KnownMax });

    public static UserId IdOf(string issuer, string subject)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}"), hash);
        return new UserId(new Guid(hash[..16], bigEndian: true));
    }

    /// <summary>The account of a validated token's user.</summary>
    public async ValueTask<UserId> EnsureAsync(JsonWebToken token, CancellationToken cancel)
    {
        var userId = IdOf(token.Issuer, token.Subject);
        if (_known.TryGetValue(userId, out _))
            return userId;
        await accounts.EnsureExternalAsync(Wish(userId, token), time.GetUtcNow(), cancel);
        using var entry = _known.CreateEntry(userId);
        entry.Size = 1;
        entry.Value = userId;
        return userId;
    }

    public void Dispose() => _known.Dispose();

    private static Account Wish(UserId userId, JsonWebToken token)
    {
        token.TryGetPayloadValue<string>("preferred_username", out var preferred);
        token.TryGetPayloadValue<string>("name", out var name);
        var username = AccountRules.ToUsername(preferred ?? "");
        if (username.Length == 0)
            username = $"user-{userId.ToString()[..12]}";
        return new Account(userId, username, name is not null && AccountRules.IsDisplayName(name) ? name : username);
    }
}
