namespace Chat.Groups;

/// <summary>What a member of a group may do. The numbers are stored: append, never renumber.</summary>
public enum GroupRole : short
{
    Member = 0,
    Admin = 1,
    Owner = 2,
}

/// <summary>The roles' words on the wire.</summary>
public static class GroupRoles
{
    public static string Word(GroupRole role) => role switch
    {
        GroupRole.Member => "member",
        GroupRole.Admin => "admin",
        GroupRole.Owner => "owner",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A role without a word."),
    };

    /// <returns>Null: no role's word.</returns>
    public static GroupRole? Of(string? word) => word switch
    {
        "member" => GroupRole.Member,
        "admin" => GroupRole.Admin,
        "owner" => GroupRole.Owner,
        _ => null,
    };
}
