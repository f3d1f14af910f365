using Chat.Conversations;
using Chat.Groups;
using MessagePack;
using MessagePack.Formatters;

namespace Chat.Gateway.Wire;

/// <summary>Content as a map that has only the fields which are there.</summary>
internal sealed class ContentFormatter : IMessagePackFormatter<Content?>
{
    public void Serialize(ref MessagePackWriter writer, Content? value, MessagePackSerializerOptions options)
    {
        if (value is null)
            writer.WriteNil();
        else
            Write(ref writer, value, options);
    }

    public Content Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        throw new NotSupportedException("Content comes in through SendRequest.");

    public static void Write(ref MessagePackWriter writer, Content content, MessagePackSerializerOptions options)
    {
        writer.WriteMapHeader(CountFields(content));
        writer.WriteString("kind"u8);
        writer.WriteString(Word(content.Kind));
        if (content.Text is { } text)
        {
            writer.WriteString("text"u8);
            writer.Write(text);
        }
        if (content.ReplyTo is { } replyTo)
        {
            writer.WriteString("replyTo"u8);
            writer.Write(replyTo);
        }
        if (content.TargetSeq is { } targetSeq)
        {
            writer.WriteString("targetSeq"u8);
            writer.Write(targetSeq);
        }
        if (content.Emoji is { } emoji)
        {
            writer.WriteString("emoji"u8);
            writer.Write(emoji);
        }
        if (content.Media is { } media)
        {
            writer.WriteString("media"u8);
            options.Resolver.GetFormatterWithVerify<Media>().Serialize(ref writer, media, options);
        }
        WriteSystemFields(ref writer, content, options);
    }

    private static void WriteSystemFields(
        ref MessagePackWriter writer, Content content, MessagePackSerializerOptions options)
    {
        if (content.Event is { } happened)
        {
            writer.WriteString("event"u8);
            writer.Write(happened);
        }
        if (content.ActorId is { } actorId)
        {
            writer.WriteString("actorId"u8);
            writer.WriteId(actorId.Value);
        }
        if (content.UserIds is { } userIds)
        {
            writer.WriteString("userIds"u8);
            writer.WriteArrayHeader(userIds.Length);
            foreach (var userId in userIds)
                writer.WriteId(userId.Value);
        }
        if (content.Title is { } title)
        {
            writer.WriteString("title"u8);
            writer.Write(title);
        }
        if (content.Retention is { } retention)
        {
            writer.WriteString("retention"u8);
            options.Resolver.GetFormatterWithVerify<Retention>().Serialize(ref writer, retention, options);
        }
        if (content.Role is { } role)
        {
            writer.WriteString("role"u8);
            writer.Write(GroupRoles.Word(role));
        }
        if (content.HistoryVisibility is { } visibility)
        {
            writer.WriteString("historyVisibility"u8);
            writer.Write(visibility);
        }
        if (content.OnlyAdminsSend is { } onlyAdminsSend)
        {
            writer.WriteString("onlyAdminsSend"u8);
            writer.Write(onlyAdminsSend);
        }
    }

    private static int CountFields(Content content) =>
        1
        + (content.Text is null ? 0 : 1)
        + (content.ReplyTo is null ? 0 : 1)
        + (content.TargetSeq is null ? 0 : 1)
        + (content.Emoji is null ? 0 : 1)
        + (content.Media is null ? 0 : 1)
        + (content.Event is null ? 0 : 1)
        + (content.ActorId is null ? 0 : 1)
        + (content.UserIds is null ? 0 : 1)
        + (content.Title is null ? 0 : 1)
        + (content.Retention is null ? 0 : 1)
        + (content.Role is null ? 0 : 1)
        + (content.HistoryVisibility is null ? 0 : 1)
        + (content.OnlyAdminsSend is null ? 0 : 1);

    private static ReadOnlySpan<byte> Word(ContentKind kind) => kind switch
    {
        ContentKind.Text => "text"u8,
        ContentKind.Image => "image"u8,
        ContentKind.Edit => "edit"u8,
        ContentKind.Delete => "delete"u8,
        ContentKind.Reaction => "reaction"u8,
        ContentKind.Deleted => "deleted"u8,
        ContentKind.System => "system"u8,
        _ => throw new MessagePackSerializationException("A kind of content without a word."),
    };
}
