using Chat.Conversations;
using Chat.Gateway.Accounts;
using Chat.Gateway.Presence;
using Chat.Gateway.Rest;
using Chat.Gateway.Wire;
using Chat.Ids;
using Chat.Refusals;
using Microsoft.Extensions.Options;

namespace Chat.Gateway.Conversations;

/// <summary>Conversations over REST, for servers and scripts.</summary>
internal static class ConversationEndpoints
{
    public static IEndpointRouteBuilder MapChatConversations(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/conversations").WithTags("Conversations").RequireAuthorization();
        api.MapGet("", ListConversations)
            .TakesQuery(new QueryField("cursor"), new QueryField("limit", IsNumber: true))
            .Produces<ConversationPage>()
            .ProducesRefusals(400, 401, 503);
        api.MapGet("/{conversationId}/messages", GetHistory)
            .TakesQuery(
                new QueryField("before", IsNumber: true), new QueryField("after", IsNumber: true),
                new QueryField("around", IsNumber: true), new QueryField("limit", IsNumber: true))
            .Produces<HistoryPage>()
            .ProducesRefusals(400, 401, 403, 404, 503);
        api.MapPost("/{conversationId}/messages", Send)
            .Accepts<SendBody>("application/json")
            .Produces<SendAnswer>()
            .ProducesRefusals(400, 401, 403, 404, 413, 415, 429, 503);
        return app;
    }

    private static async Task<IResult> ListConversations(HttpContext http, MemberReads reads)
    {
        var query = new QueryText(http.Request.Query);
        var cursor = query.Text("cursor", Page.CursorBytesMax);
        var limit = query.WholeNumber("limit", 1, Page.LimitMax) ?? Page.LimitDefault;
        return query.Problem is { } problem
            ? problem.ToProblem()
            : ToResult(await reads.ListAsync(http.User.GetUserId(), cursor, (int)limit));
    }

    private static async Task<IResult> GetHistory(
        HttpContext http, string conversationId, MemberReads reads, IOptions<ChatLimits> limits)
    {
        if (!ConversationId.TryParse(conversationId, out var id))
            return Refusal.ConversationNotFound.ToProblem();
        var query = new QueryText(http.Request.Query);
        var page = ReadPage(ref query, limits.Value);
        if (query.Problem is { } problem)
            return problem.ToProblem();
        if (page is null)
            return Refusal.Invalid("before, after and around exclude one another.").ToProblem();
        return ToResult(await reads.GetHistoryAsync(http.User.GetUserId(), id, page));
    }

    private static HistoryQuery? ReadPage(ref QueryText query, ChatLimits limits)
    {
        var before = query.WholeNumber("before", 1);
        var after = query.WholeNumber("after", 0);
        var around = query.WholeNumber("around", 1);
        var limit = query.WholeNumber("limit", 1, limits.HistoryPage)
            ?? Math.Min(Page.LimitDefault, limits.HistoryPage);
        var places = (before is null ? 0 : 1) + (after is null ? 0 : 1) + (around is null ? 0 : 1);
        return places > 1 ? null : new HistoryQuery(before, after, around, (int)limit);
    }

    private static async Task<IResult> Send(
        HttpContext http, string conversationId, RequestBody body, Sender sender, Presences presences)
    {
        if (!ConversationId.TryParse(conversationId, out var id))
            return Refusal.ConversationNotFound.ToProblem();
        var request = new SendRequest { ConversationId = id };
        if (await body.ReadAsync(http, request) is { } problem)
            return problem.ToProblem();
        if (request.ConversationId != id)
            return Refusal.Invalid("conversationId must be the address's, or left out.").ToProblem();
        var user = http.User.GetUserId();
        return ToResult(presences.AfterInput(user, await sender.SendAsync(user, request)));
    }

    private static IResult ToResult<T>(Answer<T> answer) =>
        answer.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.Ok(answer.Value);
}

/// <summary>The shape of <see cref="SendRequest"/> over REST, for the published description.</summary>
internal sealed record SendBody(string ClientMessageId, ContentBody Content);

/// <summary>Content as a user may send it; which fields are there follows from <paramref name="Kind"/>.</summary>
internal sealed record ContentBody(
    ContentKind Kind, string? Text = null, long? ReplyTo = null, long? TargetSeq = null, string? Emoji = null);
