using Chat.Conversations;
using Chat.Refusals;

namespace Chat.Groups;

/// <summary>What can be done in a group, apart from what needs no role.</summary>
internal enum GroupAct
{
    AddMembers,
    RemoveMember,
    RemoveOwner,
    GiveRole,
    ChangeSettings,
    Invite,

    /// <summary>Texts, pictures and edits, where only admins send.</summary>
    SendAmongAdmins,

    DeleteOthersMessages,
}

/// <summary>Who may do what in a group: the table of <c>docs/groups.md</c>.</summary>
internal static class GroupRules
{
    public static GroupRole LeastRole(GroupAct act) => act switch
    {
        GroupAct.RemoveOwner or GroupAct.GiveRole => GroupRole.Owner,
        _ => GroupRole.Admin,
    };

    /// <param name="role">Null: no member.</param>
    public static Refusal? OnAct(GroupRole? role, GroupAct act) => role switch
    {
        null => Refusal.NotAMember,
        { } known when known < LeastRole(act) => Refusal.Forbidden,
        _ => null,
    };

    /// <param name="newcomers">Those of them who are no members yet.</param>
    public static Refusal? OnAdd(GroupFacts facts, int newcomers, int membersMax) =>
        OnAct(facts.ActorRole, GroupAct.AddMembers) ?? OnSize(facts.MemberCount + newcomers, membersMax);

    /// <summary>Nobody comes into a group that all have left: he would be a member without an owner.</summary>
    public static Refusal? OnJoin(GroupFacts facts, int membersMax) =>
        facts.MemberCount == 0 ? Refusal.InviteNotFound : OnSize(facts.MemberCount + 1, membersMax);

    public static Refusal? OnSize(int members, int membersMax) => members > membersMax ? Refusal.GroupFull : null;

    /// <param name="target">Null: no member; then there is nothing to do for whoever may remove.</param>
    public static Refusal? OnRemove(GroupFacts facts, GroupRole? target) =>
        OnAct(facts.ActorRole, target == GroupRole.Owner ? GroupAct.RemoveOwner : GroupAct.RemoveMember)
        ?? (target == GroupRole.Owner && facts.OwnerCount == 1 ? Refusal.LastOwner : null);

    /// <summary>Anybody may leave, but the last owner only as the last member.</summary>
    public static Refusal? OnLeave(GroupFacts facts) => facts.ActorRole switch
    {
        null => Refusal.NotAMember,
        GroupRole.Owner when facts is { OwnerCount: 1, MemberCount: > 1 } => Refusal.LastOwner,
        _ => null,
    };

    /// <param name="target">Null: no member.</param>
    public static Refusal? OnGive(GroupFacts facts, GroupRole? target, GroupRole given)
    {
        if (OnAct(facts.ActorRole, GroupAct.GiveRole) is { } refusal) return refusal;
        if (target is null) return Refusal.Invalid("userId is no member of the group.");
        var isLastOwner = target == GroupRole.Owner && facts.OwnerCount == 1;
        return isLastOwner && given != GroupRole.Owner ? Refusal.LastOwner : null;
    }

    /// <summary>Reactions, and taking back what is one's own, are no sends.</summary>
    public static Refusal? OnSend(GroupSettings settings, GroupRole role, ContentKind kind) =>
        settings.OnlyAdminsSend && kind is not (ContentKind.Reaction or ContentKind.Delete)
            ? OnAct(role, GroupAct.SendAmongAdmins)
            : null;
}
