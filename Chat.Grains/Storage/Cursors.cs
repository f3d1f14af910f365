using System.Globalization;
using Chat.Ids;

namespace Chat.Storage;

/// <summary>Where a page of conversations ended: they are ordered by activity, newest first, then by id.</summary>
internal readonly record struct ListCursor(DateTimeOffset ActiveAt, ConversationId Id)
{
    private const int IdDigits = 32;

    /// <exception cref="FormatException">Not written by <see cref="ToString"/>.</exception>
    public static ListCursor Parse(string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        if (text.Length > IdDigits
            && ConversationId.TryParse(text[^IdDigits..], out var id)
            && long.TryParse(text.AsSpan(..^IdDigits), NumberStyles.AllowHexSpecifier, invariant, out var ticks)
            && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks)
        {
            return new ListCursor(new DateTimeOffset(ticks, TimeSpan.Zero), id);
        }
        throw new FormatException("Not a cursor of ours.");
    }

    /// <summary>Whether this place comes after the other in the list's order.</summary>
    public bool IsAfter(ListCursor other) =>
        ActiveAt < other.ActiveAt || (ActiveAt == other.ActiveAt && Id.Value.CompareTo(other.Id.Value) > 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ActiveAt.UtcTicks:x}{Id}");
}

/// <summary>Where a page of members ended: they are ordered by user id.</summary>
internal static class MemberCursor
{
    /// <exception cref="FormatException">Not written by <see cref="Write"/>.</exception>
    public static UserId Parse(string text) =>
        UserId.TryParse(text, out var id) ? id : throw new FormatException("Not a cursor of ours.");

    public static string Write(UserId last) => last.ToString();
}
