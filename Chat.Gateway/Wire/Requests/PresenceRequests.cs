using Chat.Ids;
using Chat.Users;

namespace Chat.Gateway.Wire;

/// <summary><c>{userIds}</c>: whom it is about.</summary>
internal abstract class UserIdsRequest : ClientRequest
{
    private const int IdBytesMax = 128;

    /// <summary>Ids of one call, named twice or not: more than a message of the promised size holds.</summary>
    private const int UserIdsMax = 4_096;

    private readonly HashSet<UserId> _users = [];
    private readonly HashSet<string> _strangers = [];
    private bool _hasIds;

    public UserId[] Users => [.. _users];

    /// <summary>Ids that we never gave out: they look like somebody who hides.</summary>
    public IEnumerable<string> Strangers => _strangers;

    protected int Count => _users.Count + _strangers.Count;

    protected override void Take(ref FieldReader fields)
    {
        if (!fields.Is("userIds"u8))
        {
            fields.Skip();
            return;
        }

        if (!fields.TryBeginArray(UserIdsMax, out var outer))
            return;
        _hasIds = true;
        while (fields.NextItem())
        {
            if (fields.Text(IdBytesMax) is not { } id)
                fields.Refuse("userIds", "must be texts of at most 128 bytes");
            else if (UserId.TryParse(id, out var user))
                _users.Add(user);
            else
                _strangers.Add(id);
        }

        fields.End(outer);
    }

    protected override void Check(ref FieldReader fields) => fields.Require(_hasIds, "userIds");
}

/// <summary>Of <c>Watch</c>: no more than one connection may watch.</summary>
internal sealed class WatchRequest : UserIdsRequest
{
    protected override void Check(ref FieldReader fields)
    {
        base.Check(ref fields);
        // Strangers count like those who hide, so that nobody learns who exists.
        if (Count > fields.Limits.WatchedUsers)
            fields.Refuse("userIds", $"must name at most {fields.Limits.WatchedUsers} users");
    }
}

/// <summary>Of <c>Unwatch</c>: also of more than could be watched at once.</summary>
internal sealed class UnwatchRequest : UserIdsRequest;

/// <summary><c>{conversationId, typing}</c>, of <c>SetTyping</c>.</summary>
internal sealed class TypingRequest : ClientRequest
{
    private ConversationId? _conversationId;
    private bool? _typing;

    public ConversationId ConversationId => _conversationId.GetValueOrDefault();
    public bool Typing => _typing.GetValueOrDefault();

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("conversationId"u8))
            _conversationId = fields.ConversationId();
        else if (fields.Is("typing"u8))
            _typing = fields.Truth();
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_conversationId is not null, "conversationId");
        fields.Require(_typing is not null, "typing");
    }
}

/// <summary><c>{lastSeen?, readReceipts?}</c>, of <c>SetPrivacy</c>; what is absent stays.</summary>
internal sealed class PrivacyRequest : ClientRequest
{
    private LastSeenAudience? _lastSeen;
    private bool? _readReceipts;

    public PrivacyChange Change => new(_lastSeen, _readReceipts);

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("lastSeen"u8))
            _lastSeen = TakeAudience(ref fields);
        else if (fields.Is("readReceipts"u8))
            _readReceipts = fields.Truth();
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
    }

    private static LastSeenAudience? TakeAudience(ref FieldReader fields)
    {
        if (!fields.TryUtf8(out var word))
            return null;
        if (word.SequenceEqual("everyone"u8))
            return LastSeenAudience.Everyone;
        if (word.SequenceEqual("contacts"u8))
            return LastSeenAudience.Contacts;
        if (word.SequenceEqual("nobody"u8))
            return LastSeenAudience.Nobody;
        fields.Refuse("lastSeen", "must be everyone, contacts or nobody");
        return null;
    }
}
