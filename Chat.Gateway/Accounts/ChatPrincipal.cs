using System.Security.Claims;
using Chat.Ids;

namespace Chat.Gateway.Accounts;

/// <summary>
/// Who is signed in: an id and nothing else. It lives as long as a connection, times ten thousands, so it keeps no
/// claims, no token, and shares its identity with everybody.
/// </summary>
internal sealed class ChatPrincipal(UserId userId) : ClaimsPrincipal(SignedIn)
{
    private static readonly ClaimsIdentity SignedIn = new("chat");

    public UserId UserId { get; } = userId;
}

internal static class ChatPrincipals
{
    /// <summary>The caller, behind an endpoint or hub that requires authorization.</summary>
    public static UserId GetUserId(this ClaimsPrincipal? user) =>
        (user as ChatPrincipal)?.UserId
        ?? throw new InvalidOperationException("The endpoint does not require authorization.");
}
