using Chat.Conversations;

namespace Chat.Groups;

/// <summary>What a group's members agreed on.</summary>
/// <param name="PictureMediaId">A stored picture.</param>
/// <param name="HistoryVisibility"><see cref="FromJoin"/> or <see cref="Full"/>.</param>
/// <param name="OnlyAdminsSend">Members read only.</param>
/// <param name="Retention">For what is sent from now on.</param>
[GenerateSerializer, Immutable, Alias("chat.group-settings")]
public sealed record GroupSettings(
    [property: Id(0)] string? Title,
    [property: Id(1)] string? Description,
    [property: Id(2)] string? PictureMediaId,
    [property: Id(3)] string HistoryVisibility,
    [property: Id(4)] bool OnlyAdminsSend,
    [property: Id(5)] Retention Retention)
{
    /// <summary>Who joins reads from the entry on that let him in.</summary>
    public const string FromJoin = "fromJoin";

    /// <summary>Every member reads everything.</summary>
    public const string Full = "full";

    // Orleans prints what a call carries: nothing that a user wrote.
    public override string ToString() => nameof(GroupSettings);
}
