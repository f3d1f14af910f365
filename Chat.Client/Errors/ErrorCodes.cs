namespace Chat.Client;

/// <summary>
/// The values of <see cref="ChatException.Code"/>. The server's list may grow: treat an unknown code by
/// <see cref="ChatException.Retryable"/>.
/// </summary>
public static class ErrorCodes
{
    /// <summary>No token, or one that is not valid any more.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>The role does not allow it.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>Not a member of this conversation.</summary>
    public const string NotAMember = "not_a_member";

    /// <summary>No such user.</summary>
    public const string UserNotFound = "user_not_found";

    /// <summary>No such conversation.</summary>
    public const string ConversationNotFound = "conversation_not_found";

    /// <summary>No such entry.</summary>
    public const string MessageNotFound = "message_not_found";

    /// <summary>One of the two has blocked the other.</summary>
    public const string Blocked = "blocked";

    /// <summary>The group has as many members as it may have.</summary>
    public const string GroupFull = "group_full";

    /// <summary>The last owner is neither removed nor demoted, and leaves only as the last member.</summary>
    public const string LastOwner = "last_owner";

    /// <summary>No such invite, or it is revoked, expired or used up.</summary>
    public const string InviteNotFound = "invite_not_found";

    /// <summary>A field is missing, ill-typed or out of range.</summary>
    public const string Invalid = "invalid";

    /// <summary>More bytes than <see cref="Limits"/> allow.</summary>
    public const string ContentTooLarge = "content_too_large";

    /// <summary>Retryable: too many sends of this user. Nothing was changed.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>Retryable: the server has too much to do. Nothing was changed.</summary>
    public const string Busy = "busy";

    /// <summary>Retryable: the outcome is unknown; send again under the same client message id.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The server failed, or answered with something that this client does not understand.</summary>
    public const string Internal = "internal";

    /// <summary>REST: the username belongs to somebody.</summary>
    public const string UsernameTaken = "username_taken";

    /// <summary>REST: no such username and password.</summary>
    public const string BadCredentials = "bad_credentials";

    /// <summary>
    /// Given by this client, retryable: no connection, or it broke before the answer. Outcome unknown.
    /// </summary>
    public const string Disconnected = "disconnected";

    /// <summary>Given by this client, retryable: the outbox is full; nothing was sent.</summary>
    public const string OutboxFull = "outbox_full";
}
