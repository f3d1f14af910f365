using Chat.Users;

namespace Chat.Storage;

/// <summary>The names under which a user of an outside issuer may be entered.</summary>
internal static class ExternalUsername
{
    /// <summary>Characters of any username; a longer one can't be looked up.</summary>
    private const int LengthMax = 64;

    /// <returns>The wished one, then with more and more of his id behind it.</returns>
    public static IEnumerable<string> Candidates(Account wished)
    {
        var id = wished.UserId.ToString();
        var name = wished.Username;
        return [name, Suffixed(name, id[..6]), Suffixed(name, id[..12]), Suffixed(name, id)];
    }

    private static string Suffixed(string name, string suffix) =>
        $"{name[..Math.Min(name.Length, LengthMax - 1 - suffix.Length)]}-{suffix}";
}
