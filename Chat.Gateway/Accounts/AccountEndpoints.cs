using Chat.Gateway.Rest;
using Chat.Ids;
using Chat.Refusals;
using Chat.Storage;
using Chat.Users;

namespace Chat.Gateway.Accounts;

/// <summary>Accounts, tokens and users over REST.</summary>
internal static class AccountEndpoints
{
    private static readonly TimeSpan HashingRetryAfter = TimeSpan.FromSeconds(1);

    private static readonly Refusal NoLocalAccounts = Refusal.Forbidden with
    {
        Message = "Accounts are kept by an outside issuer.",
    };

    public static IEndpointRouteBuilder MapChatAccounts(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").WithTags("Accounts");
        api.MapPost("/accounts", CreateAccount)
            .Accepts<CreateAccountBody>("application/json")
            .Produces<Account>(StatusCodes.Status201Created)
            .ProducesRefusals(400, 403, 409, 413, 415, 503);
        api.MapPost("/tokens", CreateToken)
            .Accepts<CreateTokenBody>("application/json")
            .Produces<TokenAnswer>()
            .ProducesRefusals(400, 401, 403, 413, 415, 429, 503);
        api.MapGet("/users", FindUser).RequireAuthorization()
            .TakesQuery(new QueryField("username", IsRequired: true))
            .Produces<Account>()
            .ProducesRefusals(400, 401, 404, 503);
        api.MapGet("/users/{userId}", GetUser).RequireAuthorization()
            .Produces<Account>()
            .ProducesRefusals(401, 404, 503);
        return app;
    }

    private static async Task<IResult> CreateAccount(
        HttpContext http, RequestBody body, PasswordHashing hashing, IAccountStore accounts, TimeProvider time)
    {
        if (http.RequestServices.GetService<AccessTokens>() is null)
            return NoLocalAccounts.ToProblem();
        var request = new CreateAccountRequest();
        if (await body.ReadAsync(http, request) is { } problem)
            return problem.ToProblem();
        if (await hashing.TryHashAsync(request.Password, http.RequestAborted) is not { } hash)
            return Refusal.Busy(HashingRetryAfter).ToProblem();
        var account = new Account(new UserId(Guid.NewGuid()), request.Username, request.DisplayName);
        return await accounts.TryCreateAsync(account, hash, time.GetUtcNow(), http.RequestAborted)
            ? TypedResults.Created($"/api/v1/users/{account.UserId}", account)
            : Refusal.UsernameTaken.ToProblem();
    }

    private static async Task<IResult> CreateToken(
        HttpContext http, RequestBody body, PasswordHashing hashing, TokenAttempts attempts, IAccountStore accounts)
    {
        if (http.RequestServices.GetService<AccessTokens>() is not { } tokens)
            return NoLocalAccounts.ToProblem();
        var request = new CreateTokenRequest();
        if (await body.ReadAsync(http, request) is { } problem)
            return problem.ToProblem();
        if (attempts.Spend(request.Username, http.Connection.RemoteIpAddress) is { } refusal)
            return refusal.ToProblem();
        var found = await accounts.FindAsync(request.Username, http.RequestAborted);
        var checking = hashing.TryVerifyAsync(found?.PasswordHash, request.Password, http.RequestAborted);
        if (await checking is not { } verified)
            return Refusal.Busy(HashingRetryAfter).ToProblem();
        if (!verified.IsRight)
            return Refusal.BadCredentials.ToProblem();
        attempts.GiveBack(request.Username, http.Connection.RemoteIpAddress);
        var (account, hash) = found!.Value;
        if (verified.NewHash is { } newHash)
            await accounts.ReplaceHashAsync(account.UserId, hash!, newHash, http.RequestAborted);
        return TypedResults.Ok(tokens.Issue(account.UserId));
    }

    private static async Task<IResult> FindUser(HttpContext http, IAccountStore accounts)
    {
        var query = new QueryText(http.Request.Query);
        var username = query.Text("username", AccountRules.UsernameLengthMax);
        if (query.Problem is { } problem)
            return problem.ToProblem();
        if (username is null)
            return Refusal.Invalid("username is missing.").ToProblem();
        return await accounts.FindAsync(username, http.RequestAborted) is { } found
            ? TypedResults.Ok(found.Account)
            : Refusal.UserNotFound.ToProblem();
    }

    private static async Task<IResult> GetUser(HttpContext http, string userId, IAccountStore accounts) =>
        UserId.TryParse(userId, out var id) && await accounts.GetAsync(id, http.RequestAborted) is { } account
            ? TypedResults.Ok(account)
            : Refusal.UserNotFound.ToProblem();
}

/// <summary>The shape of <see cref="CreateAccountRequest"/>, for the published description.</summary>
internal sealed record CreateAccountBody(string Username, string Password, string? DisplayName = null);

/// <summary>The shape of <see cref="CreateTokenRequest"/>, for the published description.</summary>
internal sealed record CreateTokenBody(string Username, string Password);
