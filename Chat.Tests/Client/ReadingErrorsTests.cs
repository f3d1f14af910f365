using System.Net;
using Chat.Client;
using CsCheck;
using Xunit;

namespace Chat.Tests.Client;

/// <summary>What a failed call tells an app.</summary>
public sealed class ReadingErrorsTests
{
    [Fact]
    public void A_hub_error_is_read_from_its_first_brace_on()
    {
        var error = ErrorText.OfHub(
            "An unexpected error occurred invoking 'Send' on the server. HubException: "
            + """{"code":"rate_limited","message":"Slower.","retryable":true,"retryAfterMs":250}""");

        Assert.Equal(("rate_limited", "Slower.", true), (error.Code, error.Message, error.Retryable));
        Assert.Equal(TimeSpan.FromMilliseconds(250), error.RetryAfter);
    }

    [Theory]
    [InlineData("Failed to invoke 'Nope' due to an error on the server.", "internal", false)]
    [InlineData("HubException: {not json", "internal", false)]
    [InlineData("HubException: {\"code\":7}", "internal", false)]
    [InlineData("HubException: {\"code\":\"busy\"}", "busy", true)]
    [InlineData("HubException: {\"code\":\"blocked\",\"retryable\":\"no\",\"retryAfterMs\":-1}", "blocked", false)]
    [InlineData("HubException: {\"code\":\"new_code\",\"retryable\":true} and more", "new_code", true)]
    [InlineData("The server closed the connection with the following error: {\"code\":\"x\"}", "disconnected", true)]
    public void What_is_no_refusal_of_ours_still_has_a_code(string text, string code, bool retryable)
    {
        var error = ErrorText.OfHub(text);

        Assert.Equal((code, retryable), (error.Code, error.Retryable));
        Assert.Null(error.RetryAfter);
    }

    [Fact]
    public void A_problem_document_is_read()
    {
        var error = ErrorText.OfHttp(
            HttpStatusCode.Conflict,
            """{"title":"Conflict","status":409,"detail":"Taken.","code":"username_taken","retryable":false}""",
            null);

        Assert.Equal(("username_taken", "Taken.", false), (error.Code, error.Message, error.Retryable));
        Assert.Equal(HttpStatusCode.Conflict, error.Status);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "unauthenticated", false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "unavailable", true)]
    [InlineData(HttpStatusCode.TooManyRequests, "rate_limited", true)]
    [InlineData(HttpStatusCode.InternalServerError, "internal", false)]
    [InlineData(HttpStatusCode.NotFound, "invalid", false)]
    public void A_proxys_own_page_is_told_by_its_status(HttpStatusCode status, string code, bool retryable)
    {
        var error = ErrorText.OfHttp(status, "<html>{}</html>", TimeSpan.FromSeconds(2));

        Assert.Equal((code, retryable, TimeSpan.FromSeconds(2)), (error.Code, error.Retryable, error.RetryAfter));
    }

    [Fact]
    public void No_text_is_too_odd() => Gen.String.Sample(text =>
    {
        Assert.NotEmpty(ErrorText.OfHub(text).Code);
        Assert.NotEmpty(ErrorText.OfHub("{" + text).Code);
        Assert.NotEmpty(ErrorText.OfHttp(HttpStatusCode.BadRequest, text, null).Code);
    });
}
