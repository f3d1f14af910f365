using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;

namespace Chat.Storage;

/// <summary>
/// The stored text of a <see cref="Content"/>. What has a column of its own (kind, target) is not inside; absent
/// fields are left out, and content of which nothing remains is null. A NUL is stored escaped, since PostgreSQL's text
/// has none.
/// </summary>
internal static class ContentJson
{
    /// <returns>Null where the columns say it all: a delete, a reaction taken back, a deleted entry.</returns>
    public static string? Write(Content content)
    {
        var stored = new StoredContent(
            content.Text,
            content.ReplyTo,
            content.Emoji,
            content.Media,
            content.Event,
            content.ActorId?.ToString(),
            content.UserIds is { } ids ? Array.ConvertAll(ids, id => id.ToString()) : null,
            content.Title,
            content.Retention,
            content.Role is { } role ? GroupRoles.Word(role) : null,
            content.HistoryVisibility,
            content.OnlyAdminsSend);
        return stored == StoredContent.Nothing
            ? null
            : JsonSerializer.Serialize(stored, StorageJson.Readable.StoredContent);
    }

    public static Content Read(ContentKind kind, string? json, long? targetSeq)
    {
        if (kind == ContentKind.Deleted)
            return Content.DeletedOf(targetSeq);
        if (json is null)
            return new Content { Kind = kind, TargetSeq = targetSeq };
        var stored = JsonSerializer.Deserialize(json, StorageJson.Readable.StoredContent) ?? StoredContent.Nothing;
        return new Content
        {
            Kind = kind,
            Text = stored.Text,
            ReplyTo = stored.ReplyTo,
            TargetSeq = targetSeq,
            Emoji = stored.Emoji,
            Media = stored.Media,
            Event = stored.Event,
            ActorId = stored.ActorId is { } actor ? Id(actor) : null,
            UserIds = stored.UserIds is { } ids ? Array.ConvertAll(ids, Id) : null,
            Title = stored.Title,
            Retention = stored.Retention,
            Role = GroupRoles.Of(stored.Role),
            HistoryVisibility = stored.HistoryVisibility,
            OnlyAdminsSend = stored.OnlyAdminsSend,
        };
    }

    /// <summary>An edit's effect on its target: another text, all else as it was.</summary>
    public static string? WithText(string? json, string? text) =>
        Write(Read(ContentKind.Text, json, targetSeq: null) with { Text = text });

    public static string WriteRetention(Retention retention) =>
        JsonSerializer.Serialize(retention, StorageJson.Readable.Retention);

    public static Retention ReadRetention(string? json) =>
        json is null
            ? Retention.Permanent
            : JsonSerializer.Deserialize(json, StorageJson.Readable.Retention) ?? Retention.Permanent;

    private static UserId Id(string text) =>
        UserId.TryParse(text, out var id) ? id : throw new FormatException("A stored user id is not 32 hex digits.");
}

/// <summary>The fields of <see cref="Content"/> that have no column. Names are stored: add, never rename.</summary>
internal sealed record StoredContent(
    string? Text = null,
    long? ReplyTo = null,
    string? Emoji = null,
    Media? Media = null,
    string? Event = null,
    string? ActorId = null,
    string[]? UserIds = null,
    string? Title = null,
    Retention? Retention = null,
    string? Role = null,
    string? HistoryVisibility = null,
    bool? OnlyAdminsSend = null)
{
    public static readonly StoredContent Nothing = new();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredContent))]
[JsonSerializable(typeof(Retention))]
[JsonSerializable(typeof(LeftView))]
internal sealed partial class StorageJson : JsonSerializerContext
{
    /// <summary>Letters beyond ASCII stay letters: the default would store each as six characters.</summary>
    public static readonly StorageJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
