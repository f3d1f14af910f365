using Chat.Delivery;
using Chat.Groups;
using Chat.Ids;
using Chat.Receipts;
using Chat.Storage;
using Chat.Users;

namespace Chat.Conversations;

/// <summary>One member in a conversation's memory.</summary>
internal sealed class ConversationMember(MemberState state, TokenBucket promptFlushes, Fanout fanout)
{
    public UserId UserId => state.UserId;
    public long JoinedSeq => state.JoinedSeq;
    public GroupRole Role { get; set; } = state.Role;
    public MemberProgress Progress { get; } = new(state.Watermarks, fanout);

    /// <summary>His last entry in a direct conversation; 0: none since it was opened here.</summary>
    public long LastWrittenSeq { get; set; }

    /// <summary>Marks that are written at once; past them they are gathered.</summary>
    public TokenBucket PromptFlushes => promptFlushes;
}
