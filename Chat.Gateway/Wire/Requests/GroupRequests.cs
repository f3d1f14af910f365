using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;

namespace Chat.Gateway.Wire;

/// <summary><c>{conversationId}</c>, of <c>Leave</c>.</summary>
internal sealed class ConversationRequest : ClientRequest
{
    private ConversationId? _conversationId;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields) =>
        fields.Require(_conversationId is not null, "conversationId");
}

/// <summary><c>{title, memberIds, historyVisibility?, retention?, description?, onlyAdminsSend?}</c>.</summary>
internal sealed class CreateGroupRequest : ClientRequest
{
    private UserId[]? _memberIds;
    private GroupFields _fields;
    private Retention? _retention;

    public UserId[] MemberIds => _memberIds ?? [];

    public GroupSettings Settings => new(
        _fields.Title,
        _fields.Description is "" ? null : _fields.Description,
        PictureMediaId: null,
        _fields.HistoryVisibility ?? GroupSettings.FromJoin,
        _fields.OnlyAdminsSend ?? false,
        _retention ?? Retention.Permanent);

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("memberIds"u8))
            _memberIds = GroupFields.TakeUserIds(ref fields);
        else if (fields.Is("retention"u8))
            _retention = GroupFields.TakeRetention(ref fields);
        else if (fields.Is("pictureMediaId"u8) || !_fields.TryTake(ref fields))
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_fields.Title is not null, "title");
        fields.Require(_memberIds is not null, "memberIds");
    }
}

/// <summary><c>{conversationId, userIds}</c>, of <c>AddMembers</c>.</summary>
internal sealed class AddMembersRequest : ClientRequest
{
    private ConversationId? _conversationId;
    private UserId[]? _userIds;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public UserId[] UserIds => _userIds ?? [];

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("userIds"u8))
            _userIds = GroupFields.TakeUserIds(ref fields);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        fields.Require(_userIds is not null, "userIds");
    }
}

/// <summary><c>{conversationId, userId}</c>, of <c>RemoveMember</c>.</summary>
internal sealed class RemoveMemberRequest : ClientRequest
{
    private ConversationId? _conversationId;
    private UserId? _userId;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public UserId UserId => _userId.GetValueOrDefault();

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("userId"u8))
            _userId = fields.UserId();
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        fields.Require(_userId is not null, "userId");
    }
}

/// <summary><c>{conversationId, userId, role}</c>.</summary>
internal sealed class SetRoleRequest : ClientRequest
{
    private const int RoleBytesMax = 16;

    private ConversationId? _conversationId;
    private UserId? _userId;
    private GroupRole? _role;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public UserId UserId => _userId.GetValueOrDefault();
    public GroupRole Role => _role.GetValueOrDefault();

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("userId"u8))
            _userId = fields.UserId();
        else if (fields.Is("role"u8))
            _role = TakeRole(ref fields);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        fields.Require(_userId is not null, "userId");
        fields.Require(_role is not null, "role");
    }

    private static GroupRole? TakeRole(ref FieldReader fields)
    {
        if (fields.Text(RoleBytesMax) is not { } word)
            return null;
        var role = GroupRoles.Of(word);
        if (role is null)
            fields.Refuse("role", "must be owner, admin or member");
        return role;
    }
}

/// <summary>
/// <c>{conversationId, title?, description?, pictureMediaId?, historyVisibility?, onlyAdminsSend?}</c>; absent: stays.
/// </summary>
internal sealed class UpdateGroupRequest : ClientRequest
{
    private ConversationId? _conversationId;
    private GroupFields _fields;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();

    public GroupUpdate Update => new(
        _fields.Title, _fields.Description, _fields.PictureMediaId, _fields.HistoryVisibility, _fields.OnlyAdminsSend);

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (!_fields.TryTake(ref fields))
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields) =>
        fields.Require(_conversationId is not null, "conversationId");
}
