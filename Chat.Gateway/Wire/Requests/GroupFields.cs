using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;

namespace Chat.Gateway.Wire;

/// <summary>The settings of a group as requests carry them; null: absent, or refused.</summary>
internal struct GroupFields
{
    /// <summary>
    /// Ids of one call, more than a message of the promised size holds. How many of them are too many for a group is
    /// up to the group, which passes over those who are named twice.
    /// </summary>
    private const int UserIdsMax = 4_096;
    private const int TitleBytesMax = 256;
    private const int DescriptionBytesMax = 2_048;
    private const int MediaIdBytesMax = 128;
    private const int WordBytesMax = 32;

    public string? Title { get; private set; }
    public string? Description { get; private set; }
    public string? PictureMediaId { get; private set; }
    public string? HistoryVisibility { get; private set; }
    public bool? OnlyAdminsSend { get; private set; }

    /// <returns>False: the field at hand is none of them.</returns>
    public bool TryTake(ref FieldReader fields)
    {
        if (fields.Is("title"u8))
            Title = TakeTitle(ref fields);
        else if (fields.Is("description"u8))
            Description = fields.Text(DescriptionBytesMax);
        else if (fields.Is("pictureMediaId"u8))
            PictureMediaId = fields.Text(MediaIdBytesMax);
        else if (fields.Is("historyVisibility"u8))
            HistoryVisibility = TakeVisibility(ref fields);
        else if (fields.Is("onlyAdminsSend"u8))
            OnlyAdminsSend = fields.Truth();
        else
            return false;
        return true;
    }

    public static UserId[]? TakeUserIds(ref FieldReader fields)
    {
        if (!fields.TryBeginArray(UserIdsMax, out var outer))
            return null;
        var ids = new List<UserId>();
        while (fields.NextItem())
        {
            if (fields.UserId() is { } id)
                ids.Add(id);
            else
                fields.RefuseItem("must hold users' ids");
        }
        fields.End(outer);
        return [.. ids];
    }

    /// <summary>Only what is kept for good is served yet.</summary>
    public static Retention? TakeRetention(ref FieldReader fields)
    {
        if (!fields.TryBegin("retention.", out var outer))
            return null;
        string? mode = null;
        while (fields.NextField())
        {
            if (fields.Is("mode"u8))
                mode = fields.Text(WordBytesMax);
            else
                fields.Skip();
        }
        if (mode != Retention.Permanent.Mode)
            fields.Refuse("mode", "must be permanent: other modes are not served yet");
        fields.End(outer);
        return Retention.Permanent;
    }

    private static string? TakeTitle(ref FieldReader fields)
    {
        var title = fields.Text(TitleBytesMax);
        if (title is not null && string.IsNullOrWhiteSpace(title))
            fields.Refuse("title", "must not be empty");
        return title;
    }

    private static string? TakeVisibility(ref FieldReader fields)
    {
        var word = fields.Text(WordBytesMax);
        if (word is not (null or GroupSettings.FromJoin or GroupSettings.Full))
            fields.Refuse("historyVisibility", "must be fromJoin or full");
        return word;
    }
}
