using Chat.Ids;

namespace Chat.Storage;

/// <summary>How much of another member's watermarks a reader is shown.</summary>
internal enum ShownMarks
{
    Both,

    /// <summary>One of the two hides his reading from everybody.</summary>
    Delivered,

    /// <summary>Across a block.</summary>
    None,
}

/// <summary>
/// Whose reading is hidden from whom, of some users: rows of <c>reading_hidden</c>. The only place that says what they
/// mean. Privacy hides reading from everybody; a block hides all of a receipt in the direct conversation of the two,
/// and groups go on.
/// </summary>
internal sealed class HiddenReading(HashSet<(UserId User, UserId From)> rows)
{
    public static readonly HiddenReading None = new([]);

    /// <summary>Stored in the place of all other users.</summary>
    public static UserId Everybody => default;

    /// <summary>Reciprocal: who hides his own does not see the other's.</summary>
    public ShownMarks Between(UserId reader, UserId member, bool isDirect)
    {
        if (rows.Count == 0 || reader == member)
            return ShownMarks.Both;
        if (isDirect && (Hides(reader, member) || Hides(member, reader)))
            return ShownMarks.None;
        return Hides(reader, Everybody) || Hides(member, Everybody) ? ShownMarks.Delivered : ShownMarks.Both;
    }

    private bool Hides(UserId user, UserId from) => rows.Contains((user, from));
}
