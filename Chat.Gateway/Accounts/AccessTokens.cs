using Chat.Ids;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Chat.Gateway.Accounts;

/// <summary>Issues local accounts' tokens: a JWT under HMAC-SHA256 that names the user and nothing else.</summary>
internal sealed class AccessTokens(AuthOptions options, SymmetricSecurityKey key, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = new(key, SecurityAlgorithms.HmacSha256);

    public TokenAnswer Issue(UserId userId)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AuthOptions.LocalIssuer,
            Audience = options.Audience,
            Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = userId.ToString() },
            IssuedAt = now,
            Expires = now + options.TokenLifetime,
            SigningCredentials = _credentials,
        });
        return new TokenAnswer(token, "Bearer", (long)options.TokenLifetime.TotalSeconds, userId);
    }
}

/// <summary>Answer of <c>POST /tokens</c>.</summary>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record TokenAnswer(string AccessToken, string TokenType, long ExpiresIn, UserId UserId);
