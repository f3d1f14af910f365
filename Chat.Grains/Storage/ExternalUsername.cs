using Chat.Users;

namespace Chat.Storage;

/// <summary>The names under which a user of an outside issuer may be entered.</summary>
internal static class ExternalUsername
{
    /// <returns>The wished one, then with more and more of his id behind it.</returns>
    public static IEnumerable<string> Candidates(Account wished)
    {
        var id = wished.UserId.ToString();
        var name = wished.Username;
        return [name, $"{name}-{id[..6]}", $"{name}-{id[..12]}", $"{name}-{id}"];
    }
}
