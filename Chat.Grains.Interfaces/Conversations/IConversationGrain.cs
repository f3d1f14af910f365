using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Chat.Refusals;

namespace Chat.Conversations;

/// <summary>
/// Owns one conversation's order: who may append, what the next <c>seq</c> is, and how far each member has got.
/// </summary>
[Alias("chat.conversation")]
public interface IConversationGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Makes the direct conversation of two users, or finds it, and lists it for the caller. Idempotent.
    /// The caller of this grain has made sure that <paramref name="otherId"/> exists.
    /// </summary>
    /// <returns>True where this call made it.</returns>
    [Alias("open-direct")]
    Task<Answer<bool>> OpenDirect(UserId callerId, UserId otherId, long origin);

    /// <summary>Makes this conversation a group with these founders; its group's grain has decided so.</summary>
    [Alias("create-group")]
    Task<Refusal?> CreateGroup(UserId creatorId, UserId[] memberIds, GroupSettings settings, long origin);

    /// <summary>What a decision about the group rests on; <c>forbidden</c> where it is no group.</summary>
    /// <param name="about">Whose roles are asked for beside the actor's.</param>
    [Alias("get-group")]
    Task<Answer<GroupFacts>> GetGroup(UserId actorId, UserId[] about);

    /// <summary>Records what the group's grain has decided: the entry, and what it changes, or neither.</summary>
    /// <returns>False: the facts have changed since; decide anew.</returns>
    [Alias("record-change")]
    Task<Answer<bool>> RecordChange(GroupDecision decision);

    /// <summary>Tells users' devices that what they see of this conversation has changed.</summary>
    [Alias("tell-changed")]
    Task TellChanged(UserId[] users, long origin);

    /// <summary>
    /// Appends in the order given and answers once all of it is durable, refused or known as a duplicate; the answers
    /// stand in the order of the commands. <c>unavailable</c>: the outcome is unknown, send again under the same id.
    /// </summary>
    [Alias("send")]
    Task<Answer<Sent>[]> Send(SendCommand[] commands);

    /// <summary>
    /// Raises watermarks, cut off at the end of the log; never lowers one. Durable when the outcome says so:
    /// until then the caller holds the mark and gives it again.
    /// </summary>
    [Alias("mark")]
    Task<Answer<MarkOutcome>[]> Mark(ReceiptMark[] marks);

    /// <summary>Who of those who were to get an entry has got it and read it, and when. Exact.</summary>
    [Alias("get-receipts")]
    Task<Answer<ReceiptList>> GetReceipts(UserId callerId, long seq);

    /// <summary>A member began, goes on or ended typing. Told to those who are online, and never stored.</summary>
    [Alias("set-typing")]
    Task<Refusal?> SetTyping(UserId userId, bool typing);
}
