using Chat.Ids;

namespace Chat.Groups;

/// <summary>
/// What an entry changes in who belongs to a group and in its settings; the store carries it out with the entry, in one
/// transaction. Nobody is in two of the lists.
/// <para>Who joins gets role member and watermarks just before the entry: what was said before he came is not unread
/// to him. Who leaves may read up to the entry, as far back as he could until then.</para>
/// </summary>
/// <param name="Joined">Come in by this entry; who is a member already stays as he is.</param>
/// <param name="Left">Go by this entry.</param>
/// <param name="Role">A member's new role; null: none changes.</param>
/// <param name="Settings">The new ones, whole; null: unchanged.</param>
/// <param name="InviteCodeHash">
/// The invite by which they joined: one more use of it is counted. Who decides reads the invite after the members'
/// version that he decides on: then no use can come in between, and none is counted past its maximum.
/// </param>
[GenerateSerializer, Immutable, Alias("chat.group-change")]
public sealed record GroupChange(
    [property: Id(0)] IReadOnlyList<UserId> Joined,
    [property: Id(1)] IReadOnlyList<UserId> Left,
    [property: Id(2)] RoleChange? Role = null,
    [property: Id(3)] GroupSettings? Settings = null,
    [property: Id(4)] byte[]? InviteCodeHash = null)
{
    public static GroupChange Join(params UserId[] users) => new(users, []);

    public static GroupChange Leave(params UserId[] users) => new([], users);

    public static GroupChange Give(UserId user, GroupRole role) => new([], [], new RoleChange(user, role));

    public static GroupChange Set(GroupSettings settings) => new([], [], Settings: settings);
}

[GenerateSerializer, Immutable, Alias("chat.role-change")]
public readonly record struct RoleChange([property: Id(0)] UserId UserId, [property: Id(1)] GroupRole Role);
