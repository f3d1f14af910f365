using Chat.Conversations;
using Chat.Refusals;

namespace Chat.Gateway.Wire;

/// <summary>
/// Reads what a user may put into the log: of the fields sent, those that belong to the kind; the others are dropped.
/// </summary>
internal static class ContentFields
{
    private const int EmojiBytesMax = 64;

    private struct Sent
    {
        public ContentKind? Kind;
        public string? Text;
        public long? ReplyTo;
        public long? TargetSeq;
        public string? Emoji;
    }

    /// <returns>Null: absent, or refused.</returns>
    public static Content? Take(ref FieldReader fields)
    {
        if (!fields.TryBegin("content.", out var outer))
            return null;
        var sent = default(Sent);
        while (fields.NextField())
        {
            if (fields.Is("kind"u8))
                sent.Kind = TakeKind(ref fields);
            else if (fields.Is("text"u8))
                sent.Text = fields.Text(fields.Limits.TextBytes, Refusal.ContentTooLarge);
            else if (fields.Is("replyTo"u8))
                sent.ReplyTo = fields.WholeNumber(min: 1);
            else if (fields.Is("targetSeq"u8))
                sent.TargetSeq = fields.WholeNumber(min: 1);
            else if (fields.Is("emoji"u8))
                sent.Emoji = fields.Text(EmojiBytesMax);
            else
                fields.Skip();
        }
        var content = Build(ref fields, sent);
        fields.End(outer);
        return content;
    }

    private static Content? Build(ref FieldReader fields, in Sent sent)
    {
        switch (sent.Kind)
        {
            case ContentKind.Text:
                RequireText(ref fields, sent);
                return new Content { Kind = ContentKind.Text, Text = sent.Text, ReplyTo = sent.ReplyTo };
            case ContentKind.Edit:
                RequireText(ref fields, sent);
                fields.Require(sent.TargetSeq is not null, "targetSeq");
                return new Content { Kind = ContentKind.Edit, TargetSeq = sent.TargetSeq, Text = sent.Text };
            case ContentKind.Delete:
                fields.Require(sent.TargetSeq is not null, "targetSeq");
                return new Content { Kind = ContentKind.Delete, TargetSeq = sent.TargetSeq };
            case ContentKind.Reaction:
                fields.Require(sent.TargetSeq is not null, "targetSeq");
                if (sent.Emoji is "")
                    fields.Refuse("emoji", "must not be empty; leave it out to take the reaction back");
                return new Content { Kind = ContentKind.Reaction, TargetSeq = sent.TargetSeq, Emoji = sent.Emoji };
            default:
                fields.Require(present: false, "kind");
                return null;
        }
    }

    private static void RequireText(ref FieldReader fields, in Sent sent)
    {
        fields.Require(sent.Text is not null, "text");
        if (sent.Text is "")
            fields.Refuse("text", "must not be empty");
    }

    private static ContentKind? TakeKind(ref FieldReader fields)
    {
        if (!fields.TryUtf8(out var word))
            return null;
        if (word.SequenceEqual("text"u8))
            return ContentKind.Text;
        if (word.SequenceEqual("edit"u8))
            return ContentKind.Edit;
        if (word.SequenceEqual("delete"u8))
            return ContentKind.Delete;
        if (word.SequenceEqual("reaction"u8))
            return ContentKind.Reaction;
        fields.Refuse("kind", word.SequenceEqual("image"u8)
            ? "image: pictures are not served yet"
            : "must be text, edit, delete or reaction");
        return null;
    }
}
