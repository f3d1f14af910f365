using Chat.Conversations;
using Chat.Ids;

namespace Chat.Groups;

/// <summary>What the log says of a group's changes: the events of <c>docs/protocol.md</c>.</summary>
internal static class GroupEntries
{
    public static Content Created(UserId actor, UserId[] members, string? title) =>
        Of("created", actor) with { UserIds = members, Title = title };

    public static Content Added(UserId actor, UserId[] users) => Of("membersAdded", actor) with { UserIds = users };

    public static Content Removed(UserId actor, UserId user) => Of("memberRemoved", actor) with { UserIds = [user] };

    public static Content Left(UserId actor) => Of("memberLeft", actor) with { UserIds = [actor] };

    public static Content Joined(UserId actor) => Of("memberJoined", actor) with { UserIds = [actor] };

    public static Content RoleGiven(UserId actor, UserId user, GroupRole role) =>
        Of("roleChanged", actor) with { UserIds = [user], Role = role };

    /// <summary>For each setting that an update changes, the entry and the settings as they are after it.</summary>
    public static IEnumerable<(Content Entry, GroupSettings Settings)> Updated(
        UserId actor, GroupSettings settings, GroupUpdate update)
    {
        if (update.Title is { } title && title != settings.Title)
        {
            settings = settings with { Title = title };
            yield return (Of("titleChanged", actor) with { Title = title }, settings);
        }

        if (update.Description is { } description && OrNull(description) != settings.Description)
        {
            settings = settings with { Description = OrNull(description) };
            yield return (Of("descriptionChanged", actor), settings);
        }

        if (update.PictureMediaId is { } picture && OrNull(picture) != settings.PictureMediaId)
        {
            settings = settings with { PictureMediaId = OrNull(picture) };
            yield return (Of("pictureChanged", actor), settings);
        }

        if (update.HistoryVisibility is { } visibility && visibility != settings.HistoryVisibility)
        {
            settings = settings with { HistoryVisibility = visibility };
            yield return (Of("historyVisibilityChanged", actor) with { HistoryVisibility = visibility }, settings);
        }

        if (update.OnlyAdminsSend is { } only && only != settings.OnlyAdminsSend)
        {
            settings = settings with { OnlyAdminsSend = only };
            yield return (Of("onlyAdminsSendChanged", actor) with { OnlyAdminsSend = only }, settings);
        }
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static Content Of(string happened, UserId actor) =>
        new() { Kind = ContentKind.System, Event = happened, ActorId = actor };
}
