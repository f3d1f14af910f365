namespace Chat.Refusals;

/// <summary>
/// Why a call was not carried out: a value, never an exception inside the cluster. A refused call changed nothing.
/// The texts are ours and name no content.
/// </summary>
/// <param name="Code">One of the contract's codes; clients decide by it.</param>
/// <param name="Message">For the developer of a client.</param>
/// <param name="Retryable">The same call may succeed later.</param>
/// <param name="RetryAfterMs">Milliseconds after which trying again makes sense, where known.</param>
[GenerateSerializer, Immutable, Alias("chat.refusal")]
public sealed record Refusal(
    [property: Id(0)] string Code,
    [property: Id(1)] string Message,
    [property: Id(2)] bool Retryable = false,
    [property: Id(3)] int? RetryAfterMs = null)
{
    public static readonly Refusal Unauthenticated = new("unauthenticated", "A valid access token is needed.");
    public static readonly Refusal BadCredentials = new("bad_credentials", "No such username and password.");
    public static readonly Refusal UsernameTaken = new("username_taken", "This username belongs to somebody.");
    public static readonly Refusal Forbidden = new("forbidden", "Your role does not allow this.");
    public static readonly Refusal NotAMember = new("not_a_member", "You are not a member of this conversation.");
    public static readonly Refusal UserNotFound = new("user_not_found", "There is no such user.");
    public static readonly Refusal ConversationNotFound = new("conversation_not_found", "No such conversation.");
    public static readonly Refusal MessageNotFound = new("message_not_found", "There is no such message.");
    public static readonly Refusal GroupFull = new("group_full", "The group has as many members as it may have.");
    public static readonly Refusal LastOwner = new("last_owner", "A group keeps an owner: make another one first.");
    public static readonly Refusal InviteNotFound = new("invite_not_found", "No such invite, or it holds no longer.");
    public static readonly Refusal Blocked = new("blocked", "One of you has blocked the other.");
    public static readonly Refusal ContentTooLarge = new("content_too_large", "The content exceeds the limit.");
    public static readonly Refusal Unavailable =
        new("unavailable", "The outcome is unknown; try again under the same id.", Retryable: true, RetryAfterMs: 500);
    public static readonly Refusal Internal = new("internal", "The server failed; the fault is on record.");

    /// <summary>A field is missing, ill-typed or out of range.</summary>
    /// <param name="what">Names the field and the rule, never the value.</param>
    public static Refusal Invalid(string what) => new("invalid", what);

    public static Refusal RateLimited(TimeSpan retryAfter) =>
        new("rate_limited", "Too many sends.", Retryable: true, WholeMs(retryAfter));

    public static Refusal Busy(TimeSpan retryAfter) =>
        new("busy", "Too much is under way; nothing was changed.", Retryable: true, WholeMs(retryAfter));

    private static int WholeMs(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalMilliseconds));
}
