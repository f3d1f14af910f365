using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Refusals;

namespace Chat.Gateway.Wire;

/// <summary>The JSON of hub and REST alike: camelCase, what is absent is left out.</summary>
internal static class ChatJson
{
    /// <summary>For what the server alone writes.</summary>
    public static readonly JsonSerializerOptions Answers = CreateAnswers();

    public static JsonSerializerOptions Create(ChatLimits limits)
    {
        var options = new JsonSerializerOptions();
        Configure(options, limits);
        return options;
    }

    public static void Configure(JsonSerializerOptions options, ChatLimits limits)
    {
        ConfigureAnswers(options);
        options.Converters.Add(new RequestConverters(limits));
    }

    private static JsonSerializerOptions CreateAnswers()
    {
        var options = new JsonSerializerOptions();
        ConfigureAnswers(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    public static void ConfigureAnswers(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        // Never inside HTML: escaping every letter that is not ASCII would only make texts longer.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new UserIdConverter());
        options.Converters.Add(new ConversationIdConverter());
        options.Converters.Add(new TimeConverter());
        options.Converters.Add(new JsonStringEnumConverter<ContentKind>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<GroupRole>(JsonNamingPolicy.CamelCase));
    }
}

internal sealed class UserIdConverter : JsonConverter<UserId>
{
    public override UserId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        UserId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("Not a user's id.");

    public override void Write(Utf8JsonWriter writer, UserId value, JsonSerializerOptions options) =>
        writer.WriteId(value.Value);
}

internal sealed class ConversationIdConverter : JsonConverter<ConversationId>
{
    public override ConversationId Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ConversationId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("Not a conversation's id.");

    public override void Write(Utf8JsonWriter writer, ConversationId value, JsonSerializerOptions options) =>
        writer.WriteId(value.Value);
}

/// <summary>RFC 3339 in UTC, to the millisecond.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        value.UtcDateTime.TryFormat(
            text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}

internal static class JsonIdWriter
{
    public static void WriteId(this Utf8JsonWriter writer, Guid id)
    {
        Span<byte> text = stackalloc byte[32];
        id.TryFormat(text, out _, "N");
        writer.WriteStringValue(text);
    }
}
