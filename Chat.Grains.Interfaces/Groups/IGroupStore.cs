using Chat.Ids;

namespace Chat.Groups;

/// <summary>What groups keep beside the log: invites, and what each member has set for himself.</summary>
public interface IGroupStore
{
    /// <summary>Idempotent by the code's hash.</summary>
    Task AddInviteAsync(Invite invite, CancellationToken cancel);

    /// <returns>Null: there never was such a code.</returns>
    Task<Invite?> FindInviteAsync(byte[] codeHash, CancellationToken cancel);

    /// <returns>False: the conversation has no such invite, or it was revoked before.</returns>
    Task<bool> RevokeInviteAsync(
        ConversationId conversationId, byte[] codeHash, DateTimeOffset now, CancellationToken cancel);

    /// <param name="until">Null: no longer muted.</param>
    /// <returns>False: he is no member.</returns>
    Task<bool> MuteAsync(
        UserId userId, ConversationId conversationId, DateTimeOffset? until, CancellationToken cancel);
}

/// <summary>An invite link as stored: the code itself is known to its holders alone.</summary>
/// <param name="CodeHash">SHA-256 of the code.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="UsesMax">Null: any number.</param>
/// <param name="Uses">How many have joined by it.</param>
public sealed record Invite(
    byte[] CodeHash,
    ConversationId ConversationId,
    UserId CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    int? UsesMax,
    DateTimeOffset? RevokedAt = null,
    int Uses = 0)
{
    public bool IsUsableAt(DateTimeOffset now) =>
        RevokedAt is null && (ExpiresAt is not { } end || now < end) && (UsesMax is not { } max || Uses < max);
}
