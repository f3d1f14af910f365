namespace Chat.Client;

/// <summary>The hub methods of the contract, for <see cref="ChatConnection.InvokeRawAsync"/>.</summary>
public static class HubMethods
{
    /// <summary><see cref="UserRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string OpenDirect = "OpenDirect";

    /// <summary><see cref="CreateGroupRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string CreateGroup = "CreateGroup";

    /// <summary><see cref="AddMembersRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string AddMembers = "AddMembers";

    /// <summary><see cref="MemberRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string RemoveMember = "RemoveMember";

    /// <summary><see cref="ConversationRequest"/> in, <see cref="Nothing"/> out.</summary>
    public const string Leave = "Leave";

    /// <summary><see cref="MemberRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string SetRole = "SetRole";

    /// <summary><see cref="UpdateGroupRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string UpdateGroup = "UpdateGroup";

    /// <summary><see cref="CreateInviteRequest"/> in, <see cref="Invite"/> out.</summary>
    public const string CreateInvite = "CreateInvite";

    /// <summary><see cref="InviteRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string JoinByInvite = "JoinByInvite";

    /// <summary><see cref="InviteRequest"/> in, <see cref="Nothing"/> out.</summary>
    public const string RevokeInvite = "RevokeInvite";

    /// <summary><see cref="SetMutedRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string SetMuted = "SetMuted";

    /// <summary><see cref="SetRetentionRequest"/> in, <see cref="Conversation"/> out.</summary>
    public const string SetRetention = "SetRetention";

    /// <summary><see cref="SendRequest"/> in, <see cref="SendAnswer"/> out.</summary>
    public const string Send = "Send";

    /// <summary><see cref="PlaceRequest"/> in, <see cref="Watermarks"/> out.</summary>
    public const string MarkDelivered = "MarkDelivered";

    /// <summary><see cref="PlaceRequest"/> in, <see cref="Watermarks"/> out.</summary>
    public const string MarkRead = "MarkRead";

    /// <summary><see cref="PlaceRequest"/> in, <see cref="ReceiptList"/> out.</summary>
    public const string GetReceipts = "GetReceipts";

    /// <summary><see cref="PageRequest"/> in, <see cref="ConversationPage"/> out.</summary>
    public const string GetConversations = "GetConversations";

    /// <summary><see cref="PageRequest"/> in, <see cref="MemberPage"/> out.</summary>
    public const string GetMembers = "GetMembers";

    /// <summary><see cref="HistoryRequest"/> in, <see cref="HistoryPage"/> out.</summary>
    public const string GetHistory = "GetHistory";

    /// <summary><see cref="ResumeRequest"/> in, <see cref="ResumeAnswer"/> out.</summary>
    public const string Resume = "Resume";

    /// <summary><see cref="UsersRequest"/> in, <see cref="PresenceList"/> out.</summary>
    public const string Watch = "Watch";

    /// <summary><see cref="UsersRequest"/> in, <see cref="Nothing"/> out.</summary>
    public const string Unwatch = "Unwatch";

    /// <summary><see cref="Nothing"/> in, <see cref="Nothing"/> out.</summary>
    public const string ReportActivity = "ReportActivity";

    /// <summary><see cref="TypingRequest"/> in, <see cref="Nothing"/> out.</summary>
    public const string SetTyping = "SetTyping";

    /// <summary><see cref="Privacy"/> in, <see cref="Privacy"/> out.</summary>
    public const string SetPrivacy = "SetPrivacy";

    /// <summary><see cref="UserRequest"/> in, <see cref="Nothing"/> out.</summary>
    public const string Block = "Block";

    /// <summary><see cref="UserRequest"/> in, <see cref="Nothing"/> out.</summary>
    public const string Unblock = "Unblock";
}
