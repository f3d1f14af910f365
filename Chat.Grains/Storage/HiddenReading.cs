using Chat.Ids;

namespace Chat.Storage;

/// <summary>
/// Whose reading is hidden from whom, of some users: rows of <c>reading_hidden</c>. The only place that says what they
/// mean. Privacy hides from everybody; a block hides in the direct conversation of the two, and groups go on.
/// </summary>
internal sealed class HiddenReading(HashSet<(UserId User, UserId From)> rows)
{
    public static readonly HiddenReading None = new([]);

    /// <summary>Stored in the place of all other users.</summary>
    public static UserId Everybody => default;

    /// <summary>Reciprocal: who hides his own does not see the other's.</summary>
    public bool Between(UserId reader, UserId member, bool isDirect) =>
        rows.Count > 0
        && reader != member
        && (Hides(reader, Everybody)
            || Hides(member, Everybody)
            || (isDirect && (Hides(reader, member) || Hides(member, reader))));

    private bool Hides(UserId user, UserId from) => rows.Contains((user, from));
}
