namespace Chat.Client;

/// <summary>The values of <see cref="Content.Event"/>. A newer server may write others: show them as unknown.</summary>
public static class SystemEvents
{
    /// <summary>
    /// The group was made: <see cref="Content.Title"/>, and the founders in <see cref="Content.UserIds"/>.
    /// </summary>
    public const string Created = "created";

    /// <summary><see cref="Content.UserIds"/> were let in; they may read from here on.</summary>
    public const string MembersAdded = "membersAdded";

    /// <summary>One was put out; this is the last entry that he may read.</summary>
    public const string MemberRemoved = "memberRemoved";

    /// <summary>The actor left; this is the last entry that he may read.</summary>
    public const string MemberLeft = "memberLeft";

    /// <summary>The actor came in by an invite.</summary>
    public const string MemberJoined = "memberJoined";

    /// <summary><see cref="Content.UserIds"/> have <see cref="Content.Role"/> now.</summary>
    public const string RoleChanged = "roleChanged";

    /// <summary><see cref="Content.Title"/> is the new one.</summary>
    public const string TitleChanged = "titleChanged";

    /// <summary>There is a new description, or none any more.</summary>
    public const string DescriptionChanged = "descriptionChanged";

    /// <summary>There is a new picture, or none any more.</summary>
    public const string PictureChanged = "pictureChanged";

    /// <summary>Members may read more or less of the past than before.</summary>
    public const string HistoryVisibilityChanged = "historyVisibilityChanged";

    /// <summary>Only admins send from here on, or all do again.</summary>
    public const string OnlyAdminsSendChanged = "onlyAdminsSendChanged";

    /// <summary><see cref="Content.Retention"/> holds for what is sent after this.</summary>
    public const string RetentionChanged = "retentionChanged";
}
