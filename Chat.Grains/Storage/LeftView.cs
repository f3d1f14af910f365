using System.Text.Json;

namespace Chat.Storage;

/// <summary>
/// What a group was like when a member left it, which is all that he is shown from then on. Stored with his membership
/// as JSON. Names are stored: add, never rename.
/// </summary>
internal sealed record LeftView(
    string? Title,
    string? Description,
    string? PictureMediaId,
    string? HistoryVisibility,
    bool? OnlyAdminsSend,
    string? Retention,
    long SettingsVersion,
    int MemberCount)
{
    /// <param name="stored">Null: an older version wrote that he left; he is shown what holds now.</param>
    public static ConversationRow Over(ConversationRow now, string? stored) =>
        stored is null || JsonSerializer.Deserialize(stored, StorageJson.Readable.LeftView) is not { } then
            ? now
            : now with
            {
                Title = then.Title,
                Description = then.Description,
                PictureMediaId = then.PictureMediaId,
                HistoryVisibility = then.HistoryVisibility,
                OnlyAdminsSend = then.OnlyAdminsSend,
                Retention = then.Retention,
                SettingsVersion = then.SettingsVersion,
                MemberCount = then.MemberCount,
            };
}
