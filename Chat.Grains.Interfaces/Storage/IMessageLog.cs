using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;

namespace Chat.Storage;

/// <summary>
/// The durable log of all conversations, as their single writers use it. Two implementations: PostgreSQL and SQLite.
/// <para><b>Invariants.</b> <c>seq</c> is contiguous from 1 within a conversation; one
/// (conversation, sender, clientMessageId) is one entry; whoever holds an older epoch than the stored one writes
/// nothing; watermarks only rise.</para>
/// <para>A method that throws leaves the outcome unknown, except where it says otherwise.</para>
/// </summary>
public interface IMessageLog
{
    /// <summary>How many transactions the store takes side by side: the number of log lanes of a silo.</summary>
    int LaneCount { get; }

    /// <summary>
    /// Makes a direct conversation with its members (one, for a notebook) and lists it for the opener
    /// (<c>user_conversation</c>). Idempotent.
    /// </summary>
    /// <returns>True where it was made, or newly listed for the opener.</returns>
    Task<bool> CreateDirectAsync(
        ConversationId id, UserId openerId, UserId otherId, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// Makes a group with its founders, lists it for them and writes its first entry, all in one transaction.
    /// Idempotent by the id: whoever comes second changes nothing.
    /// </summary>
    /// <returns>True where it was made.</returns>
    Task<bool> CreateGroupAsync(NewGroup group, CancellationToken cancel);

    /// <summary>Raises the epoch, which fences every earlier writer, and reads where the log stands.</summary>
    /// <returns>Null: there is no such conversation.</returns>
    Task<OpenedConversation?> OpenAsync(ConversationId id, CancellationToken cancel);

    /// <summary>
    /// Appends entries of several conversations in one transaction, each only if its epoch is the stored one. Carries
    /// out what an entry does to others in the same transaction: an edit rewrites its target's text and sets
    /// <c>edited_at</c>, a delete turns its target and all edits of it into <c>deleted</c> (the text is physically
    /// gone; the edits keep their target), a reaction marks its target as reacted-to, <see cref="NewEntry.ListFor"/>
    /// lists the conversation for those users, a <see cref="GroupChange"/> changes members and settings.
    /// </summary>
    /// <returns>
    /// True: all are in the log. False: not all of them are (a duplicate, a place that is taken, or a fenced epoch):
    /// the caller finds out with <see cref="ReconcileAsync"/>. A unique violation is False, not an exception.
    /// </returns>
    Task<bool> TryAppendAsync(IReadOnlyList<NewEntry> entries, CancellationToken cancel);

    /// <summary>What is true of one conversation after an append whose outcome is in doubt.</summary>
    /// <param name="keys">The (sender, clientMessageId) pairs in doubt, those of system entries too.</param>
    Task<Reconciled> ReconcileAsync(
        ConversationId id, IReadOnlyList<(UserId SenderId, string ClientMessageId)> keys, CancellationToken cancel);

    /// <summary>
    /// Raises watermarks (<c>greatest</c>) and records when each was passed. Any number of conversations, one
    /// transaction. Needs no epoch: a maximum of true marks is true whoever writes it.
    /// </summary>
    Task RaiseWatermarksAsync(IReadOnlyList<WatermarkStep> steps, CancellationToken cancel);

    /// <summary>
    /// Raises the watermarks of somebody who has left, up to the entry by which he did. Nothing is recorded of when:
    /// "message info" stands as it stood then.
    /// </summary>
    /// <returns>Null: he has not left, or never was a member; nothing was changed.</returns>
    Task<FormerMark?> MarkFormerAsync(
        ConversationId id, UserId userId, Watermarks watermarks, CancellationToken cancel);

    /// <summary>The entry as stored, for deciding on an edit, a delete or a reaction.</summary>
    Task<EntryHead?> GetHeadAsync(ConversationId id, long seq, CancellationToken cancel);

    /// <summary>When each member's watermarks first passed an entry, to the second; absent: not yet.</summary>
    Task<IReadOnlyList<MemberReceipt>> GetReceiptsAsync(ConversationId id, long seq, CancellationToken cancel);
}

/// <summary>A conversation as its new writer finds it.</summary>
/// <param name="Epoch">The raised one, that every append has to carry.</param>
/// <param name="Kind"><c>direct</c> or <c>group</c>.</param>
/// <param name="Members">All who are or were members.</param>
/// <param name="UnlistedFor">Members of a direct conversation who do not list it yet, since nothing was said.</param>
/// <param name="Settings">Of a group; null for a direct conversation.</param>
/// <param name="MembersVersion">Rises with each <see cref="GroupChange"/> that was recorded.</param>
public sealed record OpenedConversation(
    long Epoch,
    long LastSeq,
    string Kind,
    IReadOnlyList<MemberState> Members,
    IReadOnlyList<UserId> UnlistedFor,
    GroupSettings? Settings = null,
    long MembersVersion = 0);

/// <summary>One member, as his conversation keeps him.</summary>
/// <param name="JoinedSeq">The entry that let him in, the last time; 1 for founders.</param>
/// <param name="LeftSeq">The entry by which he left or was removed; null: he is a member.</param>
public sealed record MemberState(
    UserId UserId, GroupRole Role, Watermarks Watermarks, long JoinedSeq, long? LeftSeq);

/// <summary>An entry that has its place and waits for its commit.</summary>
/// <param name="ClientMessageId">
/// For a system entry a <see cref="SystemId"/>, by which its writer finds it again and which no reader sees, or null.
/// </param>
/// <param name="ListFor">Users who list the conversation from this entry on; null: nobody new.</param>
/// <param name="Change">What it changes in the group; who joins by it lists the conversation.</param>
public sealed record NewEntry(
    ConversationId ConversationId,
    long Epoch,
    long Seq,
    UserId SenderId,
    string? ClientMessageId,
    DateTimeOffset SentAt,
    Content Content,
    IReadOnlyList<UserId>? ListFor,
    GroupChange? Change = null)
{
    /// <summary>An id that no client can give: theirs are printable.</summary>
    public static string SystemId(Guid unique) => $"\u0002{unique:N}";
}

/// <summary>The truth about entries in doubt.</summary>
/// <param name="Epoch">The stored epoch.</param>
/// <param name="LastSeq">The end of the log.</param>
/// <param name="Found">One for each key asked, in order; null: not in the log.</param>
public sealed record Reconciled(long Epoch, long LastSeq, IReadOnlyList<FoundEntry?> Found);

public sealed record FoundEntry(long Seq, DateTimeOffset SentAt);

/// <summary>One watermark that was passed, and when (to the second).</summary>
public sealed record WatermarkStep(
    ConversationId ConversationId, UserId UserId, Watermarks Watermarks, DateTimeOffset At);

/// <summary>Where somebody who has left stands after a mark.</summary>
/// <param name="HasRisen">By this mark.</param>
public sealed record FormerMark(Watermarks Watermarks, bool HasRisen);

/// <summary>What decides whether an entry may be edited, deleted or reacted to.</summary>
public sealed record EntryHead(long Seq, UserId SenderId, ContentKind Kind);
