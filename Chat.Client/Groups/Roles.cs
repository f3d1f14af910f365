namespace Chat.Client;

/// <summary>
/// The roles of a group's members. A newer server may name others: treat them as <see cref="Member"/>.
/// </summary>
public static class Roles
{
    /// <summary>Does everything, and alone gives roles. There may be several, and there is always one.</summary>
    public const string Owner = "owner";

    /// <summary>Manages members, settings, retention and invites, and deletes others' messages.</summary>
    public const string Admin = "admin";

    /// <summary>Reads, and sends unless only admins do.</summary>
    public const string Member = "member";
}
